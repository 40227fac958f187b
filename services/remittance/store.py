"""remittance's document: the check; found by its key only."""

from services.chassis.documents import Stored
from services.remittance.domain.check import Check

DOCUMENTS = (Stored(Check),)
