"""claim_submission's document: the account; found by its key and its timer only."""

from services.chassis.documents import Stored
from services.claim_submission.domain.account import Account

DOCUMENTS = (Stored(Account),)
