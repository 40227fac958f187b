"""What goes wrong between a decision and its 835: each a draw about the claim, never about its file."""

from itertools import groupby

from deploy.local.payers.deciding.claim import ClaimFacts
from deploy.local.payers.deciding.decision import Cas, Decision, LineDecision
from deploy.local.payers.draws import happens
from deploy.local.payers.model.payer import PayerModel

SWAPPED = {"PR": "CO", "CO": "PR"}


def soiled(payer: PayerModel, facts: ClaimFacts, decision: Decision, attempt: int, seed: int) -> Decision:
    """The decision as the provider will read it; amounts stay balanced."""
    dirt = payer.dirt

    def bad(question: str, share: float) -> bool:
        return happens(share, seed, payer.payer_id, *facts.identity, question, attempt)

    lines = decision.lines
    if bad("lost_modifiers", dirt.lost_modifiers):
        lines = tuple(line.model_copy(update={"modifiers": ()}) for line in lines)
    if bad("missing_rarc", dirt.missing_rarc):
        lines = tuple(line.model_copy(update={"remarks": ()}) for line in lines)
    if bad("wrong_group", dirt.wrong_group):
        lines = tuple(_swapped(line) for line in lines)
    if bad("merged_lines", dirt.merged_lines):
        lines = merged(lines)
    said = mangled(facts.claim_id) if bad("mangled_claim_number", dirt.mangled_claim_number) else ""
    return decision.model_copy(update={"lines": lines, "said_claim_id": said})


def _swapped(line: LineDecision) -> LineDecision:
    changed = tuple(
        cas.model_copy(update={"group": SWAPPED.get(cas.group, cas.group)}) if line.rule or cas.group == "PR" else cas
        for cas in line.adjustments
    )
    return line.model_copy(update={"adjustments": changed})


def merged(lines: tuple[LineDecision, ...]) -> tuple[LineDecision, ...]:
    """Lines with the same procedure, modifiers, day and outcome put together, under the first one's number."""

    def key(line: LineDecision) -> tuple[str, ...]:
        return line.procedure, ",".join(line.modifiers), line.service_date.isoformat(), line.rule

    return tuple(_sum(list(group)) for _, group in groupby(sorted(lines, key=key), key=key))


def _sum(lines: list[LineDecision]) -> LineDecision:
    if len(lines) == 1:
        return lines[0]
    sums: dict[tuple[str, str], int] = {}
    for line in lines:
        for cas in line.adjustments:
            sums[cas.group, cas.carc] = sums.get((cas.group, cas.carc), 0) + cas.cents
    return lines[0].model_copy(
        update={
            "units": sum(line.units for line in lines),
            "charge": sum(line.charge for line in lines),
            "paid": sum(line.paid for line in lines),
            "allowed": sum(line.allowed for line in lines),
            "adjustments": tuple(Cas(group=group, carc=carc, cents=cents) for (group, carc), cents in sums.items()),
        }
    )


def mangled(claim_id: str) -> str:
    """A claim number as it comes out of a system that keeps 12 characters."""
    return claim_id[:12]
