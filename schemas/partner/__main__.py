"""`python -m schemas.partner`: write the published contract anew."""

from schemas.partner.publish import write

if __name__ == "__main__":
    for path in write():
        print(path.name)
