"""What patient collections declares for the outcome of a run (DESIGN §4.10): balances, cash, statements."""

from schemas.document import Aggregate
from services.patient_collections.domain.account import PatientAccount
from services.patient_collections.domain.guarantor import Guarantor, Share


def facts(key: str, state: Aggregate) -> list[str]:
    """One line an account; of a guarantor one line a share, a payment and a statement."""
    if isinstance(state, PatientAccount):
        owner = state.guarantor_key or "-"
        return [f"patient account {key} guarantor={owner} owed={state.owed} holds={','.join(state.hold_reasons)}"]
    assert isinstance(state, Guarantor)
    lines = [_share(key, account, share) for account, share in state.shares.items()]
    lines += [
        f"patient payment {key} {payment.received_on} {payment.method} cents={payment.cents} posted={payment.posted}"
        for payment in state.payments
    ]
    lines += [
        f"statement {issued.statement_id} {issued.issued_on} due={issued.due_on} cents={issued.cents}"
        for issued in state.statements
    ]
    return lines


def _share(key: str, account: str, share: Share) -> str:
    return (
        f"patient share {key} {account} {share.service_date} owed={share.owed} held={share.balance.latest.held}"
        f" applied={share.applied} open={share.open} forgiven={share.forgiven} bad_debt={share.bad_debt}"
        f" asked={share.asked}/{share.last_asked} ended={share.ended or '-'}"
    )
