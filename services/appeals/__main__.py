"""`python -m services.appeals`: run a worker of the service."""

from services.appeals.service import build
from services.chassis.main import main

if __name__ == "__main__":
    main(build)
