"""What appeals declares of an account for the outcome of a run (DESIGN §4.10): states, amounts, dates, levels."""

from schemas.document import Aggregate
from services.appeals.domain.model import Appeal, Appeals


def facts(key: str, state: Aggregate) -> list[str]:
    """One line a packet."""
    assert isinstance(state, Appeals)
    return [_fact(key, appeal) for appeal in state.appeals]


def _fact(key: str, appeal: Appeal) -> str:
    request = appeal.request
    return (
        f"packet {key} {appeal.appeal_id} {appeal.kind} level={request.level} payer={request.payer_id}"
        f" cents={request.cents} until={appeal.last_day} status={appeal.status} decide_by={appeal.decide_by}"
        f" filed={appeal.filed_on} expected={appeal.expected_by}"
        f" decision={appeal.decision or '-'} reason={appeal.reason or '-'} decided={appeal.decided_on}"
    )
