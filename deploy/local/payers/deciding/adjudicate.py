"""A claim through all edits and prices to a decision."""

from dataclasses import replace

from deploy.local.payers.deciding.claim import LineFacts
from deploy.local.payers.deciding.context import Context, Finding
from deploy.local.payers.deciding.decision import Cas, Decision, LineDecision
from deploy.local.payers.deciding.edits import findings
from deploy.local.payers.deciding.pricing import Priced, Purse, price_lines
from deploy.local.payers.model.base import Denial
from deploy.local.payers.model.payer import PayerModel

NOTICE = "GA"


def adjudicate(context: Context, purse: Purse, seed: int) -> Decision:
    """Decide a claim: denied lines by the first edit that speaks, the others priced. `purse` is not changed."""
    own = replace(purse, maximums=dict(purse.maximums))
    found = findings(context)
    payable = [at for at in range(len(context.claim.lines)) if at not in found]
    plan = context.payer.benefits.plan(context.plan)
    qmb = bool(context.member and context.member.qmb and context.payer.members.protects_qmb)
    priced = price_lines(context.payer, context.claim, plan, payable, own, qmb=qmb, seed=seed)
    lines = tuple(
        _denied(line, found[at]) if at in found else _payable(line, priced[at])
        for at, line in enumerate(context.claim.lines)
    )
    return Decision(
        status=_status(context.payer, found, len(lines)),
        lines=lines,
        claim_remarks=_claim_remarks([entry.denial for entry in found.values()]),
        deductible=own.deductible - purse.deductible,
        out_of_pocket=own.out_of_pocket - purse.out_of_pocket,
    )


def deny_all(payer: PayerModel, decision: Decision, denial: Denial, rule: str) -> Decision:
    """The decision after an audit: what was paid is denied, what was denied before stays so."""
    lines = tuple(
        line
        if line.rule
        else line.model_copy(
            update={
                "paid": 0,
                "allowed": 0,
                "adjustments": _whole_charge(denial.group, denial.carc, line.charge),
                "remarks": _line_remarks(denial),
                "rule": rule,
                "cause": "takeback",
                "carc": denial.carc,
            }
        )
        for line in decision.lines
    )
    remarks = _claim_remarks([denial]) or decision.claim_remarks
    return Decision(status=payer.payments.denied_status, lines=lines, claim_remarks=remarks)


def _status(payer: PayerModel, found: dict[int, Finding], lines: int) -> str:
    return payer.payments.denied_status if found and len(found) == lines else "1"


def _payable(line: LineFacts, priced: Priced) -> LineDecision:
    return _line(line).model_copy(
        update={"paid": priced.paid, "allowed": priced.allowed, "adjustments": priced.adjustments}
    )


def _denied(line: LineFacts, finding: Finding) -> LineDecision:
    denial = finding.denial
    group = denial.notice_group if denial.notice_group and NOTICE in line.modifiers else denial.group
    return _line(line).model_copy(
        update={
            "adjustments": _whole_charge(group, denial.carc, line.charge),
            "remarks": _line_remarks(denial),
            "rule": finding.rule,
            "cause": finding.cause,
            "carc": denial.carc,
        }
    )


def _line(line: LineFacts) -> LineDecision:
    return LineDecision(
        control=line.control,
        procedure=line.procedure,
        modifiers=line.modifiers,
        units=line.units,
        service_date=line.service_date,
        charge=line.charge,
        paid=0,
        adjustments=(),
    )


def _whole_charge(group: str, carc: str, cents: int) -> tuple[Cas, ...]:
    return (Cas(group=group, carc=carc, cents=cents),) if cents else ()


def _line_remarks(denial: Denial) -> tuple[str, ...]:
    return tuple(code for code in denial.rarcs if not code.startswith("MA"))


def _claim_remarks(denials: list[Denial]) -> tuple[str, ...]:
    codes = [code for denial in denials for code in denial.rarcs if code.startswith("MA")]
    return tuple(dict.fromkeys(codes))
