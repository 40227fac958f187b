"""`python -m services.patient_collections`: run a worker of the service."""

from services.chassis.main import main
from services.patient_collections.service import build

if __name__ == "__main__":
    main(build)
