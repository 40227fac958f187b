"""appeals' document: the packets of an account; found by its key and its timer only."""

from services.appeals.domain.model import Appeals
from services.chassis.documents import Stored

DOCUMENTS = (Stored(Appeals),)
