"""What intake's outcome is made of (DESIGN §4.10)."""

from schemas.document import Aggregate
from services.intake.domain.account import Account
from services.intake.domain.partner_event import PartnerEvent


def facts(key: str, state: Aggregate) -> list[str]:
    """The declared facts of one document; lines that hold no PHI."""
    if isinstance(state, PartnerEvent):
        said = "accepted" if state.accepted else "refused"
        return [f"partner_event {key} {said} refused={state.refused} {','.join(state.codes)}"]
    if isinstance(state, Account):
        return [_account(key, state)]
    return []


def _account(key: str, state: Account) -> str:
    current = state.current
    stands = (
        f"revision={current.revision} charge={current.charge} on={current.accepted_at.date()}" if current else "none"
    )
    withdrawn = f" withdrawn={state.withdrawn_at.date()}" if state.withdrawn_at else ""
    return f"account {key} {state.category()} {stands}{withdrawn} rejected={state.rejected} {','.join(state.refusals)}"
