"""A corrected claim charges otherwise: the denial keeps its way and its clocks, and holds what the ledger holds."""

from schemas.events.claims import ClaimRebilled
from schemas.events.denials import DenialClosed
from schemas.events.values import Ledger
from services.denial_triage.domain.model import Denials
from services.denial_triage.handlers import routes
from tests.unit.denial_triage.makers import ACCOUNT, CLAIM, DIRECTORY, answer, day, denied, encounter, sent
from tests.unit.denial_triage.runner import Runner


def test_a_corrected_claim_that_charges_less_leaves_less_denied_and_the_way_open() -> None:
    desk = Runner(routes(DIRECTORY))
    desk.feed(day(-3), ACCOUNT, encounter())
    desk.feed(day(0), ACCOUNT, answer(1, denied(20000, "222", "N362")))
    stands = (denied(10000, "222", "N362"),)
    fewer = ClaimRebilled(
        claim_id=CLAIM, payer_id="ACME", ledger=Ledger(charge=10000, denied=10000), ledger_version=3, denied=stands
    )
    desk.feed(day(5), ACCOUNT, sent(2))
    desk.feed(day(5), ACCOUNT, fewer)
    desk.until(day(6), day(8))
    (denial,) = desk.state(Denials, ACCOUNT).claims[CLAIM].denials
    assert (denial.amounts, denial.open, denial.way.sent) == (stands, True, True)
    desk.feed(day(30), ACCOUNT, answer(4, paid=9000, on=30, version=2))
    desk.until(day(31), day(32))
    (closed,) = desk.all(DenialClosed)
    assert (closed.how, closed.recovered) == ("recovered", 9000)
