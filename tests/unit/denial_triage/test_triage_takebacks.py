"""What payers take back: a reversal waits for its correction, a letter has a denial of its own, and recoveries are undone."""

from schemas.events.claims import ClaimLedgerChanged
from schemas.events.denials import DenialClosed, DenialOpened, WayChosen
from schemas.events.values import Ledger
from services.denial_triage.domain.model import Denials
from tests.unit.denial_triage.makers import ACCOUNT, CLAIM, answer, day, denied, told, ways
from tests.unit.denial_triage.runner import Runner


def test_a_reversal_opens_nothing_and_ends_nothing(desk: Runner) -> None:
    desk.feed(day(0), ACCOUNT, answer(1, denied(20000, "50")))
    desk.feed(day(5), ACCOUNT, answer(2, reversal=True, result="reversed", on=5))
    desk.until(day(6), day(200))
    assert not desk.all(DenialClosed) and len(ways(desk)) == 1
    desk.feed(day(201), ACCOUNT, answer(3, denied(20000, "50"), on=201))
    desk.until(day(202), day(203))
    assert len(desk.all(DenialOpened)) == 1


def test_what_a_second_payer_paid_and_took_back_opens_no_denial_until_it_is_corrected(desk: Runner) -> None:
    desk.feed(day(0), ACCOUNT, answer(1, denied(20000, "50")))
    desk.feed(day(9), ACCOUNT, answer(2, paid=20000, on=9, payer_rank=2))
    again = denied(20000, "50")
    back = answer(3, again, reversal=True, result="reversed", on=20, payer_rank=2, awaits_correction=True)
    desk.feed(day(20), ACCOUNT, back)
    desk.until(day(10), day(30))
    assert len(desk.all(DenialOpened)) == 1 and [end.how for end in desk.all(DenialClosed)] == ["recovered"]
    desk.feed(day(31), ACCOUNT, answer(4, again, on=31, payer_rank=2))
    desk.tick(day(32))
    assert len(desk.all(DenialOpened)) == 2


def test_a_claim_without_denials_is_held_too_and_what_its_correction_denies_is_triaged_at_once(desk: Runner) -> None:
    desk.feed(day(0), ACCOUNT, answer(1, paid=15000))
    back = answer(2, reversal=True, result="reversed", on=40, paid_change=-15000, awaits_correction=True)
    desk.feed(day(40), ACCOUNT, back)
    held = desk.state(Denials, ACCOUNT).claims[CLAIM]
    assert (held.reversed_at, held.paid, held.denials) == (2, 15000, ())
    desk.feed(day(40), ACCOUNT, answer(3, denied(15000, "50"), on=40, first_answer=False))
    (opened,) = desk.all(DenialOpened)
    assert (opened.cents, opened.first_answer) == (15000, False)
    assert not desk.state(Denials, ACCOUNT).claims[CLAIM].reversed


def test_a_letter_opens_nothing_while_a_claim_without_denials_is_held(desk: Runner) -> None:
    """What stands denied then is no letter's alone: it would all be told as recouped."""
    back = answer(1, denied(10000, "197"), reversal=True, result="reversed", first_answer=False, paid_change=-10000)
    desk.feed(day(0), ACCOUNT, back.model_copy(update={"awaits_correction": True}))
    desk.feed(day(1), ACCOUNT, recouped(2, 0, 13000))
    desk.until(day(2), day(9))
    assert not desk.all(DenialOpened)


def test_a_reversal_that_nobody_will_correct_ends_the_denial(desk: Runner) -> None:
    desk.feed(day(0), ACCOUNT, answer(1, denied(20000, "50")))
    desk.feed(day(5), ACCOUNT, answer(2, reversal=True, result="reversed", on=5, awaits_correction=False))
    desk.tick(day(6))
    assert [end.how for end in desk.all(DenialClosed)] == ["adjusted"]


def test_a_takeback_opens_a_later_denial_and_undoes_what_was_recovered(desk: Runner) -> None:
    desk.feed(day(0), ACCOUNT, answer(1, denied(20000, "16", "M51")))
    desk.feed(day(9), ACCOUNT, answer(2, paid=20000, on=9, version=2))
    desk.tick(day(10))
    desk.feed(day(50), ACCOUNT, answer(3, denied(20000, "50"), on=50, version=2))
    desk.tick(day(51))
    _, second = desk.all(DenialOpened)
    assert (second.denial_id, second.first_answer) == (f"{CLAIM}-D2", False)
    assert told(desk)["cents"]["recovered_by_correction"] == 0
    assert (told(desk)["triaged"], told(desk)["denied_later"]) == (1, 0)


def test_a_paid_claim_denied_by_an_audit_is_denied_later(desk: Runner) -> None:
    desk.feed(day(0), ACCOUNT, answer(1, paid=15000))
    assert (Denials, ACCOUNT) not in desk.states
    desk.feed(day(40), ACCOUNT, answer(2, denied(15000, "50"), on=40))
    assert told(desk)["denied_later"] == 1


def recouped(version: int, paid: int, denied_left: int) -> ClaimLedgerChanged:
    ledger = Ledger(charge=20000, payer_paid=paid, denied=denied_left, contractual=20000 - paid - denied_left)
    return ClaimLedgerChanged(claim_id=CLAIM, payer_id="ACME", cause="recouped", ledger=ledger, ledger_version=version)


def test_a_letter_takes_money_back_from_a_paid_claim_and_has_its_own_appeal_clock(desk: Runner) -> None:
    desk.feed(day(0), ACCOUNT, answer(1, paid=15000))
    desk.feed(day(40), ACCOUNT, recouped(2, 0, 15000))
    (opened,) = desk.all(DenialOpened)
    assert (opened.category, opened.first_answer, opened.cents) == ("recoupment", False, 15000)
    assert told(desk)["denied_later"] == 1
    (chosen,) = desk.all(WayChosen)
    assert chosen.denied_on == day(40)


def test_money_that_a_payer_returns_closes_what_its_letter_had_denied(desk: Runner) -> None:
    desk.feed(day(0), ACCOUNT, answer(1, denied(5000, "50"), paid=15000))
    desk.tick(day(1))
    desk.feed(day(40), ACCOUNT, recouped(2, 0, 20000))
    desk.tick(day(41))
    desk.feed(day(50), ACCOUNT, recouped(3, 9000, 11000))
    desk.tick(day(51))
    held = desk.states[Denials, ACCOUNT].claims[CLAIM].denials
    assert [denial.cents for denial in held if denial.open] == [5000, 6000] or [d.cents for d in held] == [0, 6000]
    desk.feed(day(60), ACCOUNT, recouped(4, 15000, 5000))
    desk.tick(day(61))
    assert desk.all(DenialClosed)[-1].denial_id == f"{CLAIM}-D2"


def test_what_an_appeal_wins_back_after_an_audit_is_no_recovery_of_the_first_answer(desk: Runner) -> None:
    desk.feed(day(0), ACCOUNT, answer(1, denied(20_000, "50", line="L001"), paid=30_000))
    desk.tick(day(1))
    desk.feed(day(30), ACCOUNT, answer(2, denied(20_000, "50"), denied(30_000, "50", line="L002"), paid=0, on=30))
    desk.tick(day(31))
    desk.feed(day(60), ACCOUNT, answer(3, denied(20_000, "50"), paid=30_000, on=60))
    desk.tick(day(61))
    assert sum(told(desk)["cents"].values()) == 0
    desk.feed(day(70), ACCOUNT, answer(4, paid=50_000, on=70))
    desk.tick(day(71))
    assert sum(told(desk)["cents"].values()) == 20_000
