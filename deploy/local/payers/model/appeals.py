"""What wins an appeal, what the payer takes, what it takes back, and what goes wrong in its answers."""

from typing import Literal, Self

from pydantic import Field, model_validator

from deploy.local.payers.model.base import Carc, Days, Denial, Part, Share, Status

Fact = Literal["authorized", "emergency", "record_meets_policy", "distinct_service", "timely", "always"]
"""Hidden facts: an authorisation on file (or inside the retro window), an emergency, a medical record that meets the
policy, a service truly distinct, an own acceptance inside the filing limit; `always` needs no fact."""


class Win(Part):
    """One way to win: for these CARCs, if the fact is true and one of the kinds of evidence is in the packet."""

    carcs: tuple[Carc, ...] = Field(min_length=1)
    fact: Fact
    evidence: tuple[str, ...] = ()
    """Document kinds, or what a document `supports`; empty: none is needed."""


class AppealRules(Part):
    """How appeals are decided. What no `wins` entry lets win is upheld; levels and limits are in `published`."""

    decision_days: Days = Days(least=14, most=28)
    payment_days: int = Field(default=0, ge=0, le=60)
    """From the decision to the payment."""
    wins: tuple[Win, ...] = ()
    dismissed: tuple[Carc, ...] = ("16",)
    """Denials that need a corrected claim: an appeal is dismissed."""
    wrong_decision_share: Share = 0.0
    """Decided against the facts at level 1; a higher level puts it right."""
    needs_evidence: bool = True
    """A packet without any document is dismissed."""


class Accepts(Part):
    """What of a later claim the payer takes; limits are `published.corrected_claim_days` and `reopening_days`."""

    replacement_reverses: Literal["always", "when_paid"] = "always"
    """Whether the 835 of a replacement takes back an answer that paid nothing (CLP02 22 of 0.00) as well."""
    late_replacement: Status = "A3:718"
    """277CA for a replacement after `published.corrected_claim_days`."""
    unknown_original: Status = "A3:464"
    """277CA for a replacement or void whose REF*F8 is no claim of the payer."""
    wrong_frequency: Status = "A7:535"
    """277CA for a frequency that `published.accepts_frequencies` lacks."""
    in_process: Status = "A3:54"
    """277CA for a claim that is sent again while the payer still works on it."""


class Takeback(Part):
    """Money taken back after an audit of paid claims.

    at_once: CLP02 22 and a corrected claim. offset: PLB WO without a reversal. later: 22 and correction with a
    negative WO at once, the positive WO `offset_days` afterwards.
    """

    kind: Literal["at_once", "offset", "later"]
    share: Share
    after_days: int = Field(ge=1, le=365)
    offset_days: int = Field(default=0, ge=0, le=180)
    denial: Denial | None = None
    """Of the corrected claim; required unless kind is offset."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if (self.denial is None) != (self.kind == "offset"):
            raise ValueError("denial belongs to kinds at_once and later, and only to them")
        if (self.offset_days > 0) != (self.kind == "later"):
            raise ValueError("offset_days (above 0) belongs to kind later, and only to it")
        return self


class Dirt(Part):
    """Shares of answers that come out wrong."""

    mangled_claim_number: Share = 0.0
    lost_modifiers: Share = 0.0
    missing_rarc: Share = 0.0
    wrong_group: Share = 0.0
    """CO for PR on the patient's share, and PR for CO on denials."""
    merged_lines: Share = 0.0
    """Lines with the same procedure, modifiers and day come back as one."""
    file_twice: Share = 0.0
    """Share of payment days whose 835 is sent a second time."""
