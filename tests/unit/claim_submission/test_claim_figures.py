"""Figures of encounters that have no claim yet, or no more."""

from datetime import timedelta

from claim_builders import DAY, PROVIDER, Desk, encounter, verified

from schemas.events.claims import ClaimSubmitted
from schemas.events.encounters import EncounterWithdrawn
from services.claim_submission.domain.figures import figures

BAD = PROVIDER.model_copy(update={"npi": "1234567890"})


def billed(desk: Desk) -> tuple[int, int]:
    """encounters_billed, and those of them that intake counts as no claim."""
    found = figures([("", desk.state)])  # type: ignore[list-item]
    return found["encounters_billed"], found["encounters_billed_renounced"]


def test_an_encounter_counts_as_billed_from_its_acceptance_on() -> None:
    """So that encounters = refused + no_claim + billed on every day, not only once eligibility has answered."""
    desk = Desk()
    desk.give(encounter())
    assert billed(desk) == (1, 0)
    desk.give(verified())
    assert billed(desk) == (1, 0)
    desk.give(EncounterWithdrawn(partner="riverside", reason="cancelled"))
    assert billed(desk) == (1, 1)

    waiting = Desk()
    waiting.give(encounter())
    waiting.give(EncounterWithdrawn(partner="riverside", reason="cancelled"))
    assert billed(waiting) == (0, 0)
    self_pay = Desk()
    self_pay.give(encounter(no_claim="self_pay"))
    assert billed(self_pay) == (0, 0)


def test_an_encounter_that_is_insured_again_is_billed() -> None:
    desk = Desk()
    desk.give(encounter(rendering_provider=BAD))
    desk.give(verified())
    desk.give(encounter(2, no_claim="self_pay"), DAY + timedelta(days=1))
    desk.tick(DAY + timedelta(days=2))
    assert desk.claim.dropped and billed(desk) == (0, 0)
    desk.give(encounter(3), DAY + timedelta(days=3))
    assert billed(desk) == (1, 0)
    desk.give(verified(3), DAY + timedelta(days=4))
    caused = desk.tick(DAY + timedelta(days=5))
    assert [data.cause for data in caused if isinstance(data, ClaimSubmitted)] == ["original"]
    assert not desk.claim.dropped and desk.claim.ledger().unanswered == 35000
