"""intake's documents: one a partner's event id, one an encounter; no query of its own needs another index."""

from services.chassis.documents import Stored
from services.intake.domain.account import Account
from services.intake.domain.partner_event import PartnerEvent

DOCUMENTS = (Stored(PartnerEvent), Stored(Account))
