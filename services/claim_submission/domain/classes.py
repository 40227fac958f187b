"""The cents of a net line by class (DOMAIN §3)."""

from dataclasses import replace
from datetime import date

from schemas.codes.adjustment_classes import AmountClass, Meaning, meaning
from schemas.events.claims import DeniedAmount
from schemas.events.values import Cents
from services.claim_submission.domain.lines import WHOLE_CLAIM, LineAmounts
from services.claim_submission.domain.netting import NetLine, Reason

ADD_ON = "add_on"
"""What a payer pays beyond its rate (outliers, teaching, enhanced fees): contractual, below zero."""


def classified(line: NetLine, claim_type: str, on: date, control: str = WHOLE_CLAIM) -> LineAmounts:
    """The amounts of a net line; what the payer's own sum leaves open is pending."""
    patient = prior_payer = placed = 0
    contractual: dict[str, Cents] = {}
    denied: list[DeniedAmount] = []
    for reason in line.reasons:
        what, cents = _meaning(line, reason, claim_type, on), reason.cents
        placed += 0 if what.amount_class is AmountClass.PENDING else cents
        if what.amount_class is AmountClass.CONTRACTUAL:
            contractual[what.kind] = contractual.get(what.kind, 0) + cents
        elif what.amount_class is AmountClass.PATIENT_SHARE:
            patient += cents
        elif what.amount_class is AmountClass.PRIOR_PAYER:
            prior_payer += cents
        elif what.amount_class is AmountClass.DENIAL and _adds(line, reason):
            contractual[ADD_ON] = contractual.get(ADD_ON, 0) + cents
        elif what.amount_class is AmountClass.DENIAL and cents:
            denied.append(_denied(line, reason, control))
    return LineAmounts(
        control=control,
        charge=line.charge,
        paid=line.paid,
        patient=patient,
        contractual=contractual,
        pending=line.charge - line.paid - placed,
        prior_payer=prior_payer,
        denied=_netted(denied),
    )


def _meaning(line: NetLine, reason: Reason, claim_type: str, on: date) -> Meaning:
    what = meaning(reason.group, reason.carc, reason.rarcs, claim_type, on, line.claim_paid)
    if reason.cents == line.charge and line.paid == 0 and line.charge != 0 and _alone(line, reason):
        return replace(what, amount_class=what.whole_line)
    return what


def _alone(line: NetLine, reason: Reason) -> bool:
    return all(other is reason or other.cents == 0 for other in line.reasons)


def _adds(line: NetLine, reason: Reason) -> bool:
    """Whether a code that no row names raises the payment on this line: nothing was denied by it."""
    net = sum(other.cents for other in line.reasons if (other.group, other.carc) == (reason.group, reason.carc))
    return net < 0 <= line.charge or net > 0 > line.charge


def _netted(denied: list[DeniedAmount]) -> tuple[DeniedAmount, ...]:
    """One amount a code: what a payer says twice, or says and takes back on the same line, counts once."""
    if len(denied) < 2:
        return tuple(denied)
    codes: dict[tuple[str, str], DeniedAmount] = {}
    for entry in denied:
        known = codes.get((entry.group, entry.carc))
        codes[entry.group, entry.carc] = entry if known is None else _plus(known, entry)
    return tuple(entry for entry in codes.values() if entry.cents)


def _plus(one: DeniedAmount, other: DeniedAmount) -> DeniedAmount:
    rarcs = tuple(dict.fromkeys((*one.rarcs, *other.rarcs)))
    return one.model_copy(update={"cents": one.cents + other.cents, "rarcs": rarcs})


def _denied(line: NetLine, reason: Reason, control: str) -> DeniedAmount:
    return DeniedAmount(
        line=control,
        procedure=line.submitted_procedure or line.procedure,
        group=reason.group,
        carc=reason.carc,
        rarcs=reason.rarcs,
        cents=reason.cents,
    )
