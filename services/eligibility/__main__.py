"""`python -m services.eligibility`: run a worker of the service."""

from services.chassis.main import main
from services.eligibility.service import build

if __name__ == "__main__":
    main(build)
