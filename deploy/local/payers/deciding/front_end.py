"""What does not get as far as adjudication: claims that the 277CA rejects, sets that the 999 answers with E or R."""

from dataclasses import dataclass

from deploy.local.payers.deciding.context import Context
from deploy.local.payers.deciding.line_checks import lacks
from deploy.local.payers.model.front_end import SetRule


@dataclass(frozen=True, slots=True)
class Rejection:
    """STC01 of the 277CA, and the rule that gave it."""

    status: str
    rule: str


def rejection(context: Context) -> Rejection | None:
    """Why the claim is turned away; None: it is taken in."""
    front, claim = context.payer.front_end, context.claim
    if front.unknown_member and context.member is None:
        return Rejection(front.unknown_member, "unknown_member")
    for rule in front.missing:
        if any(lacks(claim, line, rule.element) for _, line in context.lines(rule)):
            return Rejection(rule.status, rule.id)
    for retired in front.retired:
        if any(line.procedure in retired.codes for line in claim.lines):
            return Rejection(retired.status, retired.id)
    for unspecific in front.unspecific:
        if any(code in unspecific.codes for line in claim.lines for code in line.diagnoses):
            return Rejection(unspecific.status, unspecific.id)
    return None


def set_answer(contexts: list[Context]) -> SetRule | None:
    """The worst rule that a claim of the ST meets: R before E."""
    met = [rule for context in contexts for rule in context.payer.front_end.sets if context.lines(rule)]
    return min(met, key=lambda rule: (rule.code != "R", rule.id), default=None)
