"""eligibility's document: the patient; found by its key and its timers only."""

from services.chassis.documents import Stored
from services.eligibility.domain.patient import Patient

DOCUMENTS = (Stored(Patient),)
