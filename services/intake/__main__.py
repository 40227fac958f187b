"""`python -m services.intake`: run a worker of the service."""

from services.chassis.main import main
from services.intake.service import build

if __name__ == "__main__":
    main(build)
