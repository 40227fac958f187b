"""What a day brings, written down for the next morning: so the order within a day does not matter."""

from datetime import date

from schemas.events.appeals import AppealClosed, AppealRefused
from schemas.events.claims import ClaimAdjudicated, ClaimLedgerChanged, ClaimSubmitted, WayFailed
from schemas.events.commands import ChooseWay
from schemas.events.values import Value


class Note(Value):
    """One event of the day; exactly one of the fields besides `on` is set."""

    on: date
    submitted: ClaimSubmitted | None = None
    adjudicated: ClaimAdjudicated | None = None
    ledger_changed: ClaimLedgerChanged | None = None
    way_failed: WayFailed | None = None
    refused: AppealRefused | None = None
    closed: AppealClosed | None = None
    chosen: ChooseWay | None = None

    @property
    def order(self) -> tuple[date, int]:
        """Day, then kind: money before letters, letters before what a person decided knowing both."""
        kinds = (
            (self.submitted, self.adjudicated, self.ledger_changed, self.way_failed),
            (self.refused, self.closed),
            (self.chosen,),
        )
        return self.on, next(rank for rank, fields in enumerate(kinds) if any(field is not None for field in fields))


def in_order(notes: tuple[Note, ...]) -> list[Note]:
    """By day and topic; one topic's events stay as they came, which their owner's order fixes."""
    return sorted(notes, key=lambda note: note.order)
