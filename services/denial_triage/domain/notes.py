"""What a day brings, written down for the next morning: so the order within a day does not matter."""

from datetime import date

from schemas.events.appeals import AppealClosed, AppealRefused
from schemas.events.claims import ClaimLedgerChanged, ClaimRebilled, WayFailed
from schemas.events.commands import ChooseWay
from schemas.events.values import Value
from services.denial_triage.domain.claim_told import AnsweredClaim, SentClaim


class Note(Value):
    """One event of the day; exactly one of the fields besides `on` is set."""

    on: date
    submitted: SentClaim | None = None
    adjudicated: AnsweredClaim | None = None
    ledger_changed: ClaimLedgerChanged | None = None
    rebilled: ClaimRebilled | None = None
    way_failed: WayFailed | None = None
    refused: AppealRefused | None = None
    closed: AppealClosed | None = None
    chosen: ChooseWay | None = None

    @property
    def order(self) -> tuple[date, int]:
        """Day, then kind: answers, then our own ledger, then letters, then what a person decided knowing all."""
        kinds = (
            (self.submitted, self.adjudicated, self.way_failed),
            (self.ledger_changed, self.rebilled),
            (self.refused, self.closed),
            (self.chosen,),
        )
        return self.on, next(rank for rank, fields in enumerate(kinds) if any(field is not None for field in fields))


def in_order(notes: tuple[Note, ...]) -> list[Note]:
    """By day and kind. An answer and a decision of the same day reach the ledger in either order; here it is one."""
    return sorted(notes, key=lambda note: note.order)
