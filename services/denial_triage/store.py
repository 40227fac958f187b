"""denial_triage's document: the denials of an account; found by its key and its timer only."""

from services.chassis.documents import Stored
from services.denial_triage.domain.model import Denials

DOCUMENTS = (Stored(Denials),)
