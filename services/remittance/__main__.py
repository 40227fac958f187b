"""`python -m services.remittance`: run a worker of the service."""

from services.chassis.main import main
from services.remittance.service import build

if __name__ == "__main__":
    main(build)
