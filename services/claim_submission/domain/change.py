"""What a decision brings about: the account as it is then, and messages to others."""

from typing import NamedTuple

from schemas.document import Phi
from schemas.events.envelope import EventData
from services.claim_submission.domain.account import Account


class Message(NamedTuple):
    """An event to send; `key` None: the account's own key."""

    data: EventData
    key: str | None = None
    phi: Phi | None = None
    partner: str | None = None


class Change(NamedTuple):
    """An account and the messages that its change causes, in order."""

    account: Account
    messages: tuple[Message, ...] = ()
