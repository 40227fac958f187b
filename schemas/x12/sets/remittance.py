"""835, 005010X221A1: loops and segments of the implementation guide."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter
from typing import Any

from schemas.x12.balance import balance_claim, balance_payment, tally
from schemas.x12.delimiters import Delimiters
from schemas.x12.description import (
    CITY,
    STREET,
    Loop,
    Place,
    SetDescription,
    add,
    coded,
    extend,
    party,
    put,
    seg,
    spread,
)
from schemas.x12.elements import AN_AMOUNT, components, join
from schemas.x12.quick_payment import PAYMENT
from schemas.x12.records.parts import Party
from schemas.x12.records.remittance import (
    ClaimPayment835,
    ProviderAdjustment,
    ProviderSummary,
    Remittance835,
    ServicePayment,
)
from schemas.x12.rules.payment import RULES, judge_payment
from schemas.x12.segments import AMT, CAS, DTM, LX, MIA, MOA, N1, N3, N4, NM1, PER, QTY, REF
from schemas.x12.sets.wanted import IDENTIFIED, NAMED, NUMBERED, PAID, PAYEE, TRACED
from schemas.x12.shapes import Fields, Special, Texts, day
from schemas.x12.values import CENTS, format_cents, format_date

BPR = Fields(
    "BPR",
    "handling:T1-2! amount:$!! credit_debit:T1! method:T3! payment_format:T1-10 sender_dfi_qualifier:T2 "
    "sender_dfi:T3-12 sender_account_qualifier:T1-3 sender_account:T1-35 originator_id:T10 originator_supplement:T9 "
    "receiver_dfi_qualifier:T2 receiver_dfi:T3-12 receiver_account_qualifier:T1-3 receiver_account:T1-35 date:D!",
)
TRN = Fields("TRN", "trace_type:T1-2! trace:T1-50! trace_payer_id:T1-10! trace_supplement:T1-50")
CLP = Fields(
    "CLP",
    "claim_id:T1-38! status:T1-2!! charge:$!! paid:$!! patient_responsibility:$ filing_indicator:T1-2! "
    "payer_control_number:T1-50! facility_code:T1-2 frequency:T1 patient_status:T1-2 drg:T1-4 drg_weight:T1-15 "
    "discharge_fraction:T1-10",
)
SVC = Fields(
    "SVC",
    "procedure:P! charge:$! paid:$! revenue_code:T1-48 units:# submitted:P? submitted_units:#",
)
LQ = Texts("LQ")
RDM = Texts("RDM")
TS2 = Texts("TS2")
TS3 = Texts("TS3")
CUR = Texts("CUR")


def _read_plb(texts: list[str], delimiters: Delimiters) -> list[ProviderAdjustment]:
    """PLB: provider, fiscal period, up to six pairs of adjustment identifier (C042) and amount."""
    period = day(texts, 2)
    found = []
    for start in range(3, min(len(texts), 15), 2):
        amount = texts[start + 1] if start + 1 < len(texts) else ""
        if not (texts[start] or amount):
            continue
        try:
            cents = CENTS[amount]
        except ValueError:
            raise ValueError(f"{start + 1} is not {AN_AMOUNT}; ask the payer to correct the adjustment") from None
        reason, *rest = components(texts[start], delimiters)
        reference = delimiters.component.join(rest)
        found.append(ProviderAdjustment(texts[1], period, reason, reference, cents))
    return found


def _write_plb(items: list[ProviderAdjustment], delimiters: Delimiters) -> list[str]:
    first = items[0]
    texts = [first.provider_id, format_date(first.fiscal_period) if first.fiscal_period else ""]
    for item in items:
        texts += [join([item.reason, item.reference], delimiters.component), format_cents(item.cents)]
    return texts


def _plb_place() -> Place:
    place = extend("provider_adjustments", 6, attrgetter("provider_id", "fiscal_period"))

    def bind(record: Any, values: Any, position: int) -> None:
        record.provider_adjustments.extend(replace(value, position=position) for value in values)

    return Place(bind, place.collect, covers=("provider_adjustments",))


PLB = Special(
    "PLB",
    _read_plb,
    _write_plb,
    list,
    essential=True,
    most=14,
    needs={1: "provider identifier", 2: "fiscal period"},
    days=(2,),
)
CAS_PLACE = extend("adjustments", 6, attrgetter("group"))

SERVICE = Loop(
    "2110",
    ServicePayment,
    add("lines"),
    seg(SVC, spread()),
    (
        seg(DTM, add("dates"), limit=2, codes="150 151 472"),
        seg(CAS, CAS_PLACE, limit=99),
        seg(
            REF,
            add("references"),
            limit=24,
            codes="1S APC BB E9 G1 G3 LU RB 0B 1A 1B 1C 1D 1G 1H 1J D3 G2 HPI SY TJ 6R 0K",
        ),
        seg(AMT, add("amounts"), limit=9, codes="B6 KH T T2 ZK ZL ZM ZN ZO"),
        seg(QTY, add("quantities"), limit=6, codes="ZK ZL ZM ZN ZO"),
        seg(LQ, coded("remarks", "HE"), limit=99, codes="HE"),
        seg(LQ, coded("reject_codes", "RX"), limit=99, codes="RX"),
    ),
    limit=999,
)

CLAIM = Loop(
    "2100",
    ClaimPayment835,
    add("claims"),
    seg(CLP, spread()),
    (
        seg(CAS, CAS_PLACE, limit=99),
        seg(NM1, party("patient"), "R", 1, "QC"),
        seg(NM1, party("subscriber"), limit=1, codes="IL", wants=NUMBERED),
        seg(NM1, party("corrected_patient"), limit=1, codes="74"),
        seg(NM1, party("rendering"), limit=1, codes="82", wants=NUMBERED),
        seg(NM1, party("crossover_carrier"), limit=1, codes="TT", wants=IDENTIFIED),
        seg(NM1, party("corrected_payer"), limit=1, codes="PR", wants=IDENTIFIED),
        seg(NM1, party("other_subscriber"), limit=1, codes="GB"),
        seg(MIA, put("inpatient"), limit=1),
        seg(MOA, put("outpatient"), limit=1),
        seg(
            REF,
            add("references"),
            limit=15,
            codes="1L 1W 28 6P 9A 9C BB CE EA F8 G1 G3 IG SY 0B 1A 1B 1C 1D 1G 1H 1J D3 G2 LU",
        ),
        seg(DTM, add("dates"), limit=4, codes="036 050 232 233"),
        seg(PER, add("contacts"), limit=2),
        seg(AMT, add("amounts"), limit=13, codes="AU D8 DY F5 I NL T T2 ZK ZL ZM ZN ZO"),
        seg(QTY, add("quantities"), limit=14, codes="CA CD LA LE NE NR OU PS VS ZK ZL ZM ZN ZO"),
        SERVICE,
    ),
    unit=True,
    alone=True,
    parents={"summary": "2000"},
)


@dataclass(slots=True)
class HeaderGroup:
    """Loop 2000 while writing: neighbouring claims of equal summary."""

    number: str
    ts3: tuple[str, ...]
    ts2: tuple[str, ...]
    claims: list[ClaimPayment835]


def _header_groups(record: Any) -> list[Any]:
    groups = []
    for summary, claims in groupby(record.claims, key=lambda claim: claim.summary or ProviderSummary()):
        groups.append(HeaderGroup(summary.number, summary.ts3, summary.ts2, list(claims)))
    return groups


HEADER = Loop(
    "2000",
    ProviderSummary,
    Place(lambda record, value, position: None, _header_groups, covers=("claims",)),
    seg(LX, spread()),
    (seg(TS3, put("ts3"), limit=1), seg(TS2, put("ts2"), limit=1), CLAIM),
)


def _name_loop(loop_id: str, code: str, attribute: str, references: str) -> Loop:
    need = "R" if code == "PR" else "S"
    return Loop(
        loop_id,
        lambda: Party(code, ""),
        put(attribute),
        seg(N1, spread(), "R", codes=code, wants=NAMED if code == "PR" else PAYEE),
        (
            seg(N3, STREET, need, 1),
            seg(N4, CITY, need, 1),
            seg(REF, add("references"), codes=references),
            seg(PER, add("contacts"), need),
            seg(RDM, put("delivery"), limit=1),
        ),
        required=True,
        limit=1,
    )


REMITTANCE = SetDescription(
    "835",
    Remittance835.VERSION,
    Remittance835,
    (
        seg(BPR, spread(), "R", 1, wants=PAID),
        seg(TRN, spread("trace"), "R", 1, wants=TRACED),
        seg(CUR, put("currency"), limit=1),
        seg(REF, add("references"), codes="EV F2"),
        seg(DTM, add("dates"), codes="405"),
        _name_loop("1000A", "PR", "payer", "2U EO HI NF"),
        _name_loop("1000B", "PE", "payee", "0B D3 PQ TJ"),
        HEADER,
        seg(PLB, _plb_place()),
    ),
    units="claims",
    balance=balance_claim,
    quick=PAYMENT,
    tally=tally,
    total=balance_payment,
    rules=RULES,
    whole=judge_payment,
    versions=("005010X221", "004010X091A1", "004010X091"),
)
