"""Whatever payers answer, in whatever order: every cent of the charge has exactly one place."""

from datetime import timedelta
from itertools import permutations

from claim_builders import CLAIM, DAY, Desk, answer, line, submitted
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.events.claims import ClaimAdjudicated, ClaimLedgerChanged, DeniedAmount
from schemas.events.denials import WayChosen
from schemas.events.payer_inbound import AnsweredLine, ClaimAnswered, ClaimRecouped
from schemas.events.remittance import ClaimCentsPosted, ClaimCentsRecouped
from schemas.events.values import Adjustment, Ledger
from services.claim_submission.domain.allocation import grid, shares

CHARGES = (10000, 25001, 3)
CODES = [
    ("CO", "45"),
    ("PR", "1"),
    ("CO", "197"),
    ("PR", "204"),
    ("OA", "23"),
    ("CO", "253"),
    ("CO", "133"),
    ("OA", "94"),
]
cents = st.integers(-2000, 30000)


@st.composite
def lines(draw: st.DrawFn) -> AnsweredLine:
    number = draw(st.integers(1, 3))
    charge = draw(st.sampled_from([CHARGES[number - 1], 777, 35004]))
    entries = draw(st.lists(st.tuples(st.sampled_from(CODES), cents), max_size=3))
    adjustments = tuple(Adjustment(group=group, carc=carc, cents=amount) for (group, carc), amount in entries)
    control = draw(st.sampled_from([f"L{number:03d}", None]))
    procedure = draw(st.sampled_from([f"9921{number}", "99999"]))
    paid = charge - sum(entry.cents for entry in adjustments)
    return AnsweredLine(
        position=number, control=control, procedure=procedure, charge=charge, paid=paid, adjustments=adjustments
    )


@st.composite
def answers(draw: st.DrawFn) -> ClaimAnswered:
    found = tuple(draw(st.lists(lines(), max_size=4)))
    claim_level = tuple(
        Adjustment(group=group, carc=carc, cents=amount)
        for (group, carc), amount in draw(st.lists(st.tuples(st.sampled_from(CODES), cents), max_size=2))
    )
    charge = sum(entry.charge for entry in found) if found else 35004
    paid = (sum(entry.paid for entry in found) if found else charge) - sum(entry.cents for entry in claim_level)
    return answer(
        *found,
        status=draw(st.sampled_from(["1", "2", "4", "19", "22", "23"])),
        check=draw(st.sampled_from("ABCDEF")),
        position=draw(st.integers(1, 3)),
        payer_id=draw(st.sampled_from(["ALPHA", "BETA", "GAMMA"])),
        payer_control_number=draw(st.sampled_from(["I1", "I2"])),
        adjustments=claim_level,
        charge=charge,
        paid=paid,
        paid_on=DAY + timedelta(days=draw(st.integers(0, 3))),
    )


@st.composite
def mirrors(draw: st.DrawFn) -> list[ClaimAnswered]:
    """An answer and its exact takeback, with something in between."""
    first = draw(answers()).model_copy(
        update={"status": "1", "check_id": "M", "position": 8, "payer_control_number": "Z"}
    )
    back = first.model_copy(
        update={
            "status": "22",
            "position": 9,
            "charge": -first.charge,
            "paid": -first.paid,
            "adjustments": tuple(e.model_copy(update={"cents": -e.cents}) for e in first.adjustments),
            "lines": tuple(_negative(entry) for entry in first.lines),
        }
    )
    return [first, *draw(st.lists(answers(), max_size=2)), back]


def _negative(entry: AnsweredLine) -> AnsweredLine:
    adjustments = tuple(e.model_copy(update={"cents": -e.cents}) for e in entry.adjustments)
    return entry.model_copy(update={"charge": -entry.charge, "paid": -entry.paid, "adjustments": adjustments})


def desk() -> Desk:
    return submitted(payers=("ALPHA", "BETA"), lines=tuple(line(n, c) for n, c in enumerate(CHARGES, 1)))


def check(at: Desk) -> None:
    claim = at.claim
    ledger = claim.ledger()
    assert ledger.balanced() and ledger.charge == sum(CHARGES) and claim.balance == ledger
    assert min(ledger.unanswered, ledger.overpaid, ledger.written_off, ledger.denied) >= 0
    assert all(entry.cents > 0 for entry in claim.denied())
    assert ledger.payer_paid == sum(posting.paid for posting in claim.postings) - sum(claim.recouped().values())
    assert ledger.denied == sum(entry.cents for entry in claim.denied())


decisions = st.builds(
    lambda way, code, amount: WayChosen(
        denial_id="D1", claim_id="ABCDEFGHIJKLMNOP01", payer_id="ALPHA", way=way, cents=amount, category="x",
        denied=tuple(DeniedAmount(line=f"L{n:03d}", group=code[0], carc=code[1], cents=amount) for n in (1, 2, 3)),
        deadline=DAY + timedelta(days=90), denied_on=DAY,
    ),
    st.sampled_from(["bill_patient", "write_off"]), st.sampled_from(CODES), st.integers(1, 20000),
)  # fmt: skip


recoupments = st.builds(
    lambda reason, amount, payer, place, later: ClaimRecouped(
        claim_id=CLAIM, check_id="R", position=place, payer_id=payer, reason=reason, cents=amount,
        paid_on=DAY + timedelta(days=later),
    ),
    st.sampled_from(["WO", "72"]), st.integers(-20000, 20000), st.sampled_from(["ALPHA", "BETA"]), st.integers(1, 9),
    st.integers(0, 3),
)  # fmt: skip
single = st.one_of(answers(), decisions, recoupments).map(lambda event: [event])


@settings(max_examples=80, deadline=None)
@given(st.lists(st.one_of(single, mirrors()), max_size=6))
def test_every_cent_has_one_place_after_every_event(
    histories: list[list[ClaimAnswered | WayChosen | ClaimRecouped]],
) -> None:
    at, told_to_remittance = desk(), dict[tuple[str | None, int], int]()
    for offset, event in enumerate(event for history in histories for event in history):
        before, emitted = at.claim.ledger().payer_paid, len(at.emits)
        caused = at.give(event, DAY + timedelta(days=offset))
        check(at)
        for emit in at.emits[emitted:]:
            if isinstance(emit.data, ClaimCentsRecouped):
                told_to_remittance[emit.key, emit.data.position] = emit.data.cents
        assert sum(told_to_remittance.values()) == sum(at.claim.recouped().values())
        for told in caused:
            if isinstance(told, ClaimAdjudicated):
                assert told.paid_change == at.claim.ledger().payer_paid - before
            if isinstance(told, ClaimAdjudicated | ClaimLedgerChanged):
                assert told.ledger == at.claim.ledger() and told.ledger.balanced()
            if isinstance(told, ClaimCentsPosted):
                assert told.classes == Ledger() or told.classes.balanced()
                assert isinstance(event, ClaimAnswered) and told.cents == event.paid


@settings(max_examples=60, deadline=None)
@given(mirrors().filter(lambda history: len(history) == 2))
def test_a_takeback_leaves_no_cash_and_nothing_denied(history: list[ClaimAnswered]) -> None:
    at = desk()
    for event in history:
        at.give(event)
    assert at.claim.ledger() == Ledger(charge=sum(CHARGES), unanswered=sum(CHARGES))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        answers().filter(lambda a: a.status != "22"),
        min_size=2,
        max_size=3,
        unique_by=lambda a: (a.check_id, a.position),
    )
)
def test_answers_of_known_payers_commute(history: list[ClaimAnswered]) -> None:
    history = [event for event in history if event.payer_id != "GAMMA"]
    found = set()
    for order in permutations(history):
        at = desk()
        for event in order:
            at.give(event)
        found.add(at.claim.ledger().model_dump_json() + str(sorted(map(str, at.claim.denied()))))
    assert len(found) == 1


@settings(max_examples=40, deadline=None)
@given(
    st.lists(answers().filter(lambda a: a.status != "22" and a.payer_id != "GAMMA"), max_size=2),
    st.lists(recoupments, min_size=1, max_size=2, unique_by=lambda r: r.position),
    st.data(),
)
def test_takebacks_and_answers_of_a_day_commute(
    posted: list[ClaimAnswered], taken: list[ClaimRecouped], data: st.DataObject
) -> None:
    history = [*{(a.check_id, a.position): a for a in posted}.values(), *taken]
    found = set()
    for order in (history, data.draw(st.permutations(history))):
        at = desk()
        for event in order:
            at.give(event)
        found.add(f"{at.claim.ledger()} {sorted(map(str, at.claim.denied()))} {sorted(at.claim.recouped().items())}")
    assert len(found) == 1


@given(st.integers(-10_000, 10_000), st.lists(st.integers(-50, 5000), min_size=1, max_size=9))
def test_shares_lose_no_cent(amount: int, weights: list[int]) -> None:
    found = shares(amount, weights)
    assert sum(found) == amount and len(found) == len(weights)


@given(
    st.lists(st.integers(-500, 9000), min_size=1, max_size=5), st.lists(st.integers(1, 9000), min_size=1, max_size=5)
)
def test_a_grid_keeps_both_margins(amounts: list[int], weights: list[int]) -> None:
    parts = shares(sum(amounts), weights)
    rows = grid(amounts, parts)
    if sum(amounts):
        assert [sum(row) for row in rows] == parts
    assert [sum(column) for column in zip(*rows, strict=True)] == amounts
    for index, amount in enumerate(amounts):
        assert amount or all(row[index] == 0 for row in rows)
