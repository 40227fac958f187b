"""Loops that 837P, 837I and 837D share: 1000A/B, the HL tree 2000A-C, parties, 2320-2330 and 2430."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import groupby
from operator import attrgetter
from typing import Any

from schemas.x12.description import (
    BIRTH,
    CITY,
    NOWHERE,
    SPECIALTY,
    STREET,
    Loop,
    Place,
    Values,
    add,
    again,
    cents,
    extend,
    former,
    put,
    seg,
    spread,
)
from schemas.x12.records.claim import (
    BillingProvider,
    Drug,
    Form,
    LineAdjudication,
    OtherPayer,
    Patient,
    Subscriber,
)
from schemas.x12.records.parts import Party
from schemas.x12.segments import AMT, BHT, CAS, DMG, DTP, MIA, MOA, N3, N4, NM1, PER, PRV, REF
from schemas.x12.segments_claim import CTP, CUR, FRM, HL, LIN, LQ, OI, PAT, SBR, SVD, details
from schemas.x12.sets.levels import BELOW, CLAIMS, Level, Part
from schemas.x12.sets.wanted import (
    ANYBODY,
    COMPANY,
    CONSENT,
    HEADING,
    IDENTIFIED,
    INSURED_AS,
    MEMBER,
    NAMED,
    NINE_DIGITS,
    PERSON,
    RELATED,
    SEX,
    STREET_ONLY,
)
from schemas.x12.wants import Want

CAS_PLACE = extend("adjustments", 6, attrgetter("group"))
Wants = tuple[Want, ...]


def billing_levels(record: Any) -> list[Any]:
    """Neighbouring claims of equal parents share their HLs; a subscriber's own claims stand apart from dependents'."""
    return [
        Level(billing, _subscribers(claims)) for billing, claims in groupby(record.claims, key=attrgetter("billing"))
    ]


def _subscribers(claims: Iterable[Any]) -> list[Level]:
    levels = []
    for (_, subscriber, own), group in groupby(claims, key=_insured):
        if own:
            levels.append(Level(subscriber, claims=list(group)))
        else:
            patients = [Level(who, claims=list(some)) for who, some in groupby(group, attrgetter("patient"))]
            levels.append(Level(subscriber, patients))
    return levels


def _insured(claim: Any) -> tuple[Any, Any, bool]:
    """Whose HL a claim stands under; the member's number first, by which most differ at once."""
    return getattr(claim.subscriber.person, "id", ""), claim.subscriber, claim.patient is None


def party(
    loop_id: str,
    codes: str,
    place: Place,
    references: str = "",
    required: bool = False,
    extra: str = "",
    name: Wants = (),
    street: Wants = (),
    city: Wants = (),
    tax: str = "",
) -> Loop:
    """An NM1 loop. `extra` names required segments (N3 N4 PER DMG), `name`, `street` and `city`
    what is wanted of NM1, N3 and N4, `tax` the qualifiers of a REF that must stand."""
    need = set(extra.split())

    def usage(tag: str) -> str:
        return "R" if tag in need else "S"

    first = codes.split()[0]
    body: list[Part] = [
        seg(PRV, SPECIALTY, usage("PRV"), 1),
        seg(N3, STREET, usage("N3"), 1, wants=street),
        seg(N4, CITY, usage("N4"), 1, wants=city),
        seg(DMG, BIRTH, usage("DMG"), 1, wants=SEX),
        seg(DTP, add("dates"), codes="573"),
        *(seg(REF, add("references"), "R", codes=codes) for codes in filter(None, [tax])),
        seg(REF, add("references"), usage("REF"), codes=references),
        seg(PER, add("contacts"), usage("PER")),
    ]
    header = seg(NM1, spread(), codes=codes, wants=name)
    return Loop(loop_id, lambda: Party(first), place, header, tuple(body), required)


NAMELESS = frozenset({"PW", "45", "QB"})
"""Pick-up, drop-off and a purchased service's provider may go without a name."""
FACILITY = "77"
SECONDARY = "0B 1G G2 LU"
PAYER_IDS = "2U EI FY NF G2 LU"
OTHER_PAYER_IDS = "2U EI FY NF 9F G1 T4 F8 SY"


def providers(loop_id: str, *codes: str) -> tuple[Loop, ...]:
    """Provider loops in the guide's order, each with its NM101 codes; all go to `providers`."""
    return tuple(
        party(
            f"{loop_id}{'ABCDEFGHI'[index]}",
            code,
            add("providers"),
            SECONDARY,
            name=() if code in NAMELESS else NAMED,
            city=(NINE_DIGITS,) if code == FACILITY else (),
        )
        for index, code in enumerate(codes)
    )


def other_payer(*codes: str) -> Loop:
    """Loop 2320 with 2330A, 2330B and the other payer's providers."""
    return Loop(
        "2320",
        OtherPayer,
        add("other_payers"),
        seg(SBR, spread(), "R", wants=INSURED_AS),
        (
            seg(CAS, CAS_PLACE, limit=5),
            seg(AMT, add("amounts"), codes="D A8 EAF"),
            seg(DMG, NOWHERE),
            seg(OI, spread(), "R", 1, wants=CONSENT),
            seg(MIA, put("inpatient"), limit=1),
            seg(MOA, put("outpatient"), limit=1),
            party("2330A", "IL", put("person"), "SY", True, name=IDENTIFIED),
            party("2330B", "PR", put("payer"), OTHER_PAYER_IDS, True, name=(COMPANY, *IDENTIFIED)),
            party("2330", "QC", former("providers"), "1W MI EA IG SY"),  # 2330C of 4010: the other payer's patient
            *(party(f"2330{'CDEFGHI'[n]}", code, add("providers"), SECONDARY) for n, code in enumerate(codes)),
        ),
        limit=10,
    )


ADJUDICATION = Loop(
    "2430",
    lambda: LineAdjudication(""),
    add("adjudications"),
    seg(SVD, spread()),
    (
        seg(CAS, CAS_PLACE, limit=5),
        seg(DTP, add("dates"), "R", codes="573"),
        seg(AMT, cents("remaining", "EAF"), limit=1, codes="EAF"),
    ),
    limit=15,
)
DRUG = Loop(
    "2410",
    lambda: Drug(""),
    put("drug"),
    seg(LIN, spread()),
    (
        seg(CTP, replace(spread("quantity"), covers=("quantity", "unit")), "R", 1),
        seg(REF, add("references"), codes="VY XZ"),
    ),
    limit=1,
)
FORM = Loop("2440", Form, add("forms"), seg(LQ, spread()), (seg(FRM, details("FRM"), "R"),))


def _patient(claim: Loop) -> Loop:
    return Loop(
        "2000C",
        Patient,
        BELOW,
        seg(HL, NOWHERE, codes="23"),
        (
            seg(PAT, spread("relationship"), "R", 1, wants=RELATED),
            party("2010CA", "QC", put("person"), "Y4 1W SY", True, "N3 N4 DMG", name=(PERSON, *NAMED)),
            again(claim, place=CLAIMS),
        ),
        level="23",
    )


def _subscriber(claim: Loop) -> Loop:
    return Loop(
        "2000B",
        Subscriber,
        BELOW,
        seg(HL, NOWHERE, codes="22"),
        (
            seg(SBR, spread(), "R", 1),
            seg(PAT, _subscriber_pat(), limit=1),
            party("2010BA", "IL", put("person"), "SY Y4 1W", True, name=(ANYBODY, *MEMBER)),
            party("2010BB", "PR", put("payer"), PAYER_IDS, True, name=(COMPANY, *IDENTIFIED)),
            again(claim, place=CLAIMS),
            _patient(claim),
        ),
        required=True,
        level="22",
    )


def body(claim: Loop) -> tuple[Part, ...]:
    """The whole set around its claim loop."""
    billing = Loop(
        "2000A",
        BillingProvider,
        Place(lambda record, value, position: None, billing_levels, covers=("claims",)),
        seg(HL, NOWHERE, codes="20"),
        (
            seg(PRV, replace(spread(), collect=_specialty, when=None), limit=1),
            seg(CUR, spread("currency"), limit=1),
            party(
                "2010AA",
                "85",
                put("provider"),
                "0B 1G G2",
                True,
                "N3 N4",
                tax="EI SY",
                name=NAMED,
                street=STREET_ONLY,
                city=(NINE_DIGITS,),
            ),
            party("2010AB", "87", put("pay_to"), extra="N3 N4"),
            party("2010AC", "PE", put("pay_to_plan"), "2U FY NF", False, "N3 N4", tax="EI", name=IDENTIFIED),
            _subscriber(claim),
        ),
        required=True,
        level="20",
    )
    return (
        seg(BHT, spread(), "R", 1, wants=HEADING),
        party("1000A", "41", put("submitter"), required=True, extra="PER", name=(ANYBODY, *IDENTIFIED)),
        party("1000B", "40", put("receiver"), required=True, name=(COMPANY, *IDENTIFIED)),
        billing,
    )


def _specialty(billing: Any) -> list[Any]:
    """PRV is written where it says something: BI alone is what every billing provider is."""
    return [billing] if billing.taxonomy or billing.provider_role != "BI" else []


def _subscriber_pat() -> Place:
    """PAT of the subscriber has no relationship: that is SBR02's."""
    plain = spread("death_date", "weight", "pregnant")

    def bind(record: Any, pairs: Any, position: int) -> None:
        plain.bind(record, [pair for pair in pairs if pair[0] != "relationship"], position)

    def collect(record: Any) -> Values:
        return [Patient("", found.death_date, found.weight, found.pregnant) for found in plain.collect(record)]

    return Place(bind, collect, single=True, covers=("death_date", "weight", "pregnant"))


PARENTS = {"billing": "2000A", "subscriber": "2000B", "patient": "2000C"}


def hi_family(*together: str) -> Callable[[Any], str]:
    """Diagnoses of one family share an HI segment; every other qualifier has its own."""
    family = frozenset(together)
    return lambda item: "together" if item.qualifier in family else item.qualifier
