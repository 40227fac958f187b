"""`python -m services.denial_triage`: run a worker of the service."""

from services.chassis.main import main
from services.denial_triage.service import build

if __name__ == "__main__":
    main(build)
