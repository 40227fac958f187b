"""`python -m services.claim_submission`: run a worker of the service."""

from services.chassis.main import main
from services.claim_submission.service import build

if __name__ == "__main__":
    main(build)
