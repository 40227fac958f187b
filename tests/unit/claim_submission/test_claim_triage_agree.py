"""Whatever payers answer, take back and correct: denial_triage and claim_submission hold the same denied cents."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count
from typing import Any, cast

from claim_builders import ACCOUNT, CLAIM, DAY, DIRECTORY, Desk, answer, encounter, line, svc, verified
from hypothesis import example, given, settings
from hypothesis import strategies as st

from schemas.document import Aggregate
from schemas.events.commands import ChooseWay
from schemas.events.denials import WayChosen
from schemas.events.envelope import EventData
from schemas.events.payer_inbound import ClaimAnswered, ClaimRecouped
from services.cli.books import Books
from services.cli.reconcile import records
from services.cli.reconcile.finding import InFlight
from services.cli.reconcile.proofs import _denials
from services.cli.reconcile.quotes import _decisions, _recovered, read_stores
from services.denial_triage.domain.model import Denials
from services.denial_triage.handlers import routes
from tests.unit.denial_triage.runner import Runner

FIRST = ("CO-197:10000", "CO-16:10000", "PR-1:10000", "CO-45:10000")
SECOND = ("CO-97:25000", "CO-45:25000", "")
LATER = ("OA-23:10000", "CO-197:10000", "CO-45:10000", "")
"""What the second payer says of the first line; it pays the rest of it."""
PAYERS = ["whole", "part", "back", "back", "letter", "refund"]
SECONDARY = ["second", "second", "back"]
OURS = ["corrected", "write_off", "bill_patient"]
BOTH = ("ALPHA", "BETA")
Plan = list[tuple[bool, list[tuple[str, int, int]]]]
"""A day: whether its news comes before its tick, and the news."""
RECOUPED_MEANWHILE: Plan = [
    (False, [("part", 0, 0), ("part", 1, 2)]), (False, [("back", 0, 0)]), (False, []), (False, [("letter", 0, 2)]), (False, []),
]  # fmt: skip
TWO_LETTERS: Plan = [
    (False, [("whole", 0, 2)]), (False, [("letter", 0, 0), ("letter", 0, 0), ("corrected", 0, 0)]), (False, []), (False, []),
]  # fmt: skip
CHARGED_MORE: Plan = [
    (False, [("whole", 0, 0), ("corrected", 0, 0)]), (False, [("corrected", 1, 0), ("write_off", 0, 0)]),
    (False, []), (False, []), (False, []),
]  # fmt: skip
LETTER_ON_A_WRITE_OFF: Plan = [
    (False, [("whole", 0, 0), ("whole", 2, 2), ("letter", 0, 0)]), (False, [("letter", 0, 0), ("part", 0, 0)]), (False, []),
]  # fmt: skip
ANSWERED_AND_WRITTEN_OFF: Plan = [
    (False, [("whole", 2, 1), ("whole", 0, 0), ("write_off", 0, 0)]), (True, [("whole", 0, 1)]), (True, []),
]  # fmt: skip
TWO_LETTERS_WRITTEN_OFF: Plan = [
    (False, [("whole", 0, 2), ("letter", 0, 0)]), (False, [("letter", 0, 0), ("write_off", 0, 0)]),
    (True, [("whole", 0, 0), ("part", 1, 0), ("back", 2, 0)]), (True, []),
]  # fmt: skip
SECOND_TAKES_BACK: Plan = [
    (False, [("whole", 0, 2), ("second", 3, 1)]), (False, []), (False, [("back", 1, 0)]), (False, []), (False, [("second", 2, 0)]), (False, []),
]  # fmt: skip
FIRST_TAKES_BACK: Plan = [
    (False, [("whole", 0, 0), ("second", 2, 1)]), (False, []), (False, [("back", 0, 0)]), (False, []), (False, [("whole", 0, 2)]), (False, []),
]  # fmt: skip
UNKNOWN_TO_TRIAGE: Plan = [
    (False, [("second", 3, 1)]), (False, [("whole", 0, 2)]), (False, [("back", 0, 0)]), (False, [("letter", 0, 2)]), (False, []),
    (False, [("second", 0, 1)]), (False, []),
]  # fmt: skip
"""The first payer's denial is hidden by what the second paid, until that is taken back."""
DECIDED_MEANWHILE: Plan = [
    (False, [("whole", 1, 1)]),
    (False, [("write_off", 0, 0)]),
    (True, [("back", 0, 0)]),
    (False, []),
]


class Office:
    """Both services, with what each tells the other delivered on the same day."""

    def __init__(self) -> None:
        self.desk, self.triage = Desk(), Runner(routes(DIRECTORY))
        self.numbers, self.revision = count(1), 1
        self.standing: list[ClaimAnswered] = []
        self.both(encounter(payers=BOTH), DAY)
        self.tell(self.desk.give(verified(payers=BOTH)), DAY)

    def both(self, event: EventData, on: date) -> None:
        self.tell(self.desk.give(event, on), on)
        self.triage.feed(on, ACCOUNT, event)

    def tell(self, caused: list[EventData], on: date) -> None:
        """claims.v1 to triage, and the ways that it chooses back."""
        for data in (data for data in caused if data.TOPIC == "claims.v1"):
            ways = [told for told in self.triage.feed(on, ACCOUNT, data) if isinstance(told, WayChosen)]
            for way in ways:
                self.tell(self.desk.give(way, on), on)

    def morning(self, on: date) -> None:
        self.tell(self.desk.tick(on), on)
        for way in (told for told in self.triage.tick(on) if isinstance(told, WayChosen)):
            self.tell(self.desk.give(way, on), on)

    def happens(self, kind: str, first: int, second: int, on: date) -> None:
        if kind in ("whole", "part"):
            self._answered(kind, first, second, on)
        elif kind == "second":
            self._answered_second(first, second, on)
        elif kind == "back" and self.standing:
            taken = self.standing.pop(first % len(self.standing))
            self.tell(self.desk.give(negated(taken, f"CHK{next(self.numbers)}", on), on), on)
        elif kind in ("letter", "refund"):
            cents = 1000 * (second + 1) * (1 if kind == "letter" else -1)
            pair = ClaimRecouped(
                claim_id=CLAIM, check_id=f"CHK{next(self.numbers)}", position=1, payer_id="ALPHA",
                reason="WO" if kind == "letter" else "72", cents=cents, paid_on=on,
            )  # fmt: skip
            self.tell(self.desk.give(pair, on), on)
        elif kind == "corrected":
            self.revision += 1
            self.both(encounter(self.revision, BOTH, lines=(line(1, 4000 * (first + 1)), line(2, 25000))), on)
            self.tell(self.desk.give(verified(self.revision, BOTH), on), on)
        elif kind in ("write_off", "bill_patient"):
            self._wished(kind, on)

    def _answered(self, kind: str, first: int, second: int, on: date) -> None:
        number = next(self.numbers)
        lines = [svc(1, 10000, 0, FIRST[first]), svc(2, 25000, 0 if SECOND[second] else 25000, SECOND[second])]
        told = answer(
            *(lines if kind == "whole" else lines[first % 2 :][:1]),
            check=f"CHK{number}", payer_control_number=f"ICN{number}", paid_on=on,
        )  # fmt: skip
        self._given(told, on)

    def _answered_second(self, first: int, second: int, on: date) -> None:
        """Another payer's word on the same charge: mostly what the first one placed (OA-23)."""
        number = next(self.numbers)
        lines = (
            svc(1, 10000, 0 if LATER[first] else 10000, LATER[first]),
            svc(2, 25000, 5000 * second, f"OA-23:{25000 - 5000 * second}"),
        )
        told = answer(
            *lines, status="2", payer_id="BETA", check=f"CHK{number}", payer_control_number=f"ICN{number}", paid_on=on,
        )  # fmt: skip
        self._given(told, on)

    def _given(self, told: ClaimAnswered, on: date) -> None:
        self.standing.append(told)
        self.tell(self.desk.give(told, on), on)

    def _wished(self, way: str, on: date) -> None:
        state = cast("Denials | None", self.triage.states.get((Denials, ACCOUNT)))
        found = [d for claim in (state.claims.values() if state else ()) for d in claim.denials if d.open]
        if found and (way == "write_off" or all(amount.group == "PR" for amount in found[0].amounts)):
            self.triage.feed(on, ACCOUNT, ChooseWay(denial_id=found[0].denial_id, way=way))

    def all_documents(self, service: str) -> Iterator[tuple[str, Aggregate]]:
        """Nothing is carried here: the clearinghouse has no lane."""
        return iter(())

    def stored(self, service: str, collection: str) -> Iterator[dict[str, Any]]:
        """As `Books` reads it."""
        states: dict[str, Aggregate | None] = {
            "claim_submission": self.desk.state,
            "denial_triage": self.triage.states.get((Denials, ACCOUNT)),
        }
        if (state := states.get(service)) is not None:
            yield {"_id": ACCOUNT, "state": state.model_dump(mode="json"), "now": ""}


def negated(taken: ClaimAnswered, check: str, on: date) -> ClaimAnswered:
    lines = tuple(
        entry.model_copy(
            update={
                "charge": -entry.charge,
                "paid": -entry.paid,
                "adjustments": tuple(a.model_copy(update={"cents": -a.cents}) for a in entry.adjustments),
            }
        )
        for entry in taken.lines
    )
    changes = {"status": "22", "check_id": check, "charge": -taken.charge, "paid": -taken.paid, "lines": lines}
    return taken.model_copy(update={**changes, "paid_on": on})


def disagreements(office: Office) -> list[str]:
    books = cast("Books", office)
    moving: list[InFlight] = []
    found = [*_denials(records.denials(books), records.claims(books), moving)]
    stores = read_stores(books)
    paid = (entry for entry in _recovered(stores) if entry.what == "paid")
    return [str(entry) for entry in (*found, *paid, *_decisions(stores))]


@st.composite
def histories(draw: st.DrawFn) -> Plan:
    kinds = PAYERS + draw(st.sampled_from(([], SECONDARY))) + OURS
    news = st.tuples(st.sampled_from(kinds), st.integers(0, 3), st.integers(0, 2))
    return draw(st.lists(st.tuples(st.booleans(), st.lists(news, max_size=3)), min_size=3, max_size=14))


@settings(max_examples=100, deadline=None)
@given(histories())
@example(RECOUPED_MEANWHILE)
@example(LETTER_ON_A_WRITE_OFF)
@example(ANSWERED_AND_WRITTEN_OFF)
@example(TWO_LETTERS_WRITTEN_OFF)
@example(SECOND_TAKES_BACK)
@example(FIRST_TAKES_BACK)
@example(UNKNOWN_TO_TRIAGE)
@example(DECIDED_MEANWHILE)
@example(TWO_LETTERS)
@example(CHARGED_MORE)
def test_no_history_makes_them_disagree(history: Plan) -> None:
    office = Office()
    for number, (early, news) in enumerate(history, 5):
        on = DAY + timedelta(days=number)
        if not early:
            office.morning(on)
            assert disagreements(office) == []
        for kind, first, second in news:
            office.happens(kind, first, second, on)
        if early:
            office.morning(on)
        assert disagreements(office) == []
