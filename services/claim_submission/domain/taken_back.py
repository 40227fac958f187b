"""What stood of a claim before a payer took its answer back (CLP02 22): triage holds it until the corrected one comes."""

from datetime import date

from schemas.events.claims import DeniedAmount
from schemas.events.values import Cents, Value
from services.claim_submission.domain.lines import Decision
from services.claim_submission.domain.settlement import LineMoney, decided_all


class TakenBack(Value):
    """The state before, against which the correction is judged (DOMAIN §5); of several reversals before the first."""

    on: date
    paid: Cents
    """payer_paid of the ledger."""
    denied: tuple[DeniedAmount, ...]

    def decided(self, decision: Decision) -> "TakenBack":
        """Without what a decision, made meanwhile, moved to the patient or wrote off."""
        money = decided_all(LineMoney(charge=0, denied=self.denied), (decision,))
        return self.model_copy(update={"denied": money.denied})
