"""patient_collections' documents: the account and the guarantor; found by their keys and their timers only."""

from services.chassis.documents import Stored
from services.patient_collections.domain.account import PatientAccount
from services.patient_collections.domain.guarantor import Guarantor

DOCUMENTS = (Stored(PatientAccount), Stored(Guarantor))
