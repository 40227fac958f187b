"""What triage declares of an account for the outcome of a run (DESIGN §4.10): states, amounts, dates and ways."""

from schemas.document import Aggregate
from services.denial_triage.domain.model import ClaimDenials, Denial, Denials


def facts(key: str, state: Aggregate) -> list[str]:
    """One line a claim and one a denial."""
    assert isinstance(state, Denials)
    lines = []
    for claim in state.claims.values():
        lines.append(_claim(key, claim))
        lines += [_denial(denial) for denial in claim.denials]
    return lines


def _claim(key: str, claim: ClaimDenials) -> str:
    return (
        f"triage {key} claim {claim.claim_id} payer={claim.payer_id} paid={claim.paid} version={claim.version}"
        f" accepted={claim.accepted_on} first_denied={claim.first_denied} reversed={claim.reversed}"
    )


def _denial(denial: Denial) -> str:
    amounts = ",".join(f"{a.line}:{a.group}-{a.carc}:{a.cents}" for a in denial.amounts)
    way = denial.way
    now = f"{way.way}/{way.level}/{way.chosen_on}/{way.last_day}/{way.decision}" if way else "-"
    back = denial.recovered
    return (
        f"denial {denial.denial_id} {denial.category} opened={denial.opened_on}/{denial.opened_cents}"
        f" denied_on={denial.denied_on} amounts={amounts} way={now} tried={','.join(denial.tried)}"
        f" person={denial.for_person}/{denial.asked} recovered={back.correction}/{back.appeal}/{back.documents}/{back.otherwise}"
        f" closed={denial.closed or '-'}/{denial.closed_on}/{denial.last_way}"
    )
