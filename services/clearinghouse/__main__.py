"""`python -m services.clearinghouse`: run a worker of the service."""

from services.chassis.main import main
from services.clearinghouse.service import build

if __name__ == "__main__":
    main(build)
