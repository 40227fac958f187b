"""Stored accounts of schema 1 are read with the money that they had."""

from claim_builders import CLAIM as CLAIM_ID
from claim_builders import DAY, Desk, answer, submitted, svc

from schemas.events.denials import WayChosen
from services.claim_submission.domain.account import Account
from services.claim_submission.domain.upgrades import with_standing_decisions


def test_a_decision_that_another_had_replaced_moves_nothing() -> None:
    desk: Desk = submitted()
    desk.give(answer(svc(1, 10000, 0, "PR-204:10000"), svc(2, 25000, 25000)))
    for way in ("bill_patient", "write_off"):
        chosen = WayChosen(
            denial_id=f"{CLAIM_ID}-D1", claim_id=CLAIM_ID, payer_id="ALPHA", way=way, cents=10000, category="x",
            deadline=DAY, denied_on=DAY, denied=desk.claim.denied(),
        )  # fmt: skip
        desk.give(chosen)
    assert desk.state is not None
    stored = desk.state.model_dump(mode="json")
    first, second = stored["claims"][0]["decisions"]
    stored["claims"][0]["decisions"] = [{**first, "replaced_on": "2026-01-11"}, {**second, "denied": first["denied"]}]
    (claim,) = Account.model_validate(with_standing_decisions(stored)).claims
    assert (claim.ledger().patient, claim.ledger().written_off) == (0, 10000)
