"""The segments that several transaction sets share, one line each where a line is enough."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from schemas.x12.delimiters import Delimiters
from schemas.x12.elements import AN_AMOUNT, Unwritable, components, join
from schemas.x12.patterns import Patterns
from schemas.x12.records.parts import (
    Adjustment,
    Amount,
    Attachment,
    Contact,
    Dated,
    Diagnosis,
    Note,
    Quantity,
    Reference,
    Trace,
)
from schemas.x12.shapes import Fields, Special, Texts
from schemas.x12.values import CENTS, DATES, DAYS, DECIMALS, format_cents, format_decimal

if TYPE_CHECKING:
    from schemas.x12.records.acks import Status

AMT = Fields("AMT", "qualifier:T1-3! cents:$!!", Amount)
BHT = Fields("BHT", "structure:T4! purpose:T2! reference_id:T1-50 date:D! time:T4-8! type:T2")
DMG = Fields("DMG", "=D8 birth_date:D! sex:T1")
LX = Fields("LX", "number:T1-6!")
N1 = Fields("N1", "entity:T2-3! last:T1-60 id_qualifier:T1-2 id:T2-80")
N3 = Fields("N3", "street:T1-55! street2:T1-55")
N4 = Fields("N4", "city:T2-30! state:T2 zip:T3-15 country:T2-3 - - subdivision:T1-3")
NM1 = Fields(
    "NM1",
    "entity:T2-3! kind:T1! last:T1-60 first:T1-35 middle:T1-25 prefix:T1-10 suffix:T1-10 id_qualifier:T1-2 id:T2-80",
)
NTE = Fields("NTE", "code:T3! text:T1-80!", Note)
PRV = Fields("PRV", "provider_role:T1-3! =PXC taxonomy:T1-50!")
PWK = Fields(
    "PWK", "report:T2! transmission:T1-2! - - id_qualifier:T1-2 control_number:T2-80 description:T1-80", Attachment
)
QTY = Fields("QTY", "qualifier:T2! value:#! unit:T1-10", Quantity)
REF = Fields("REF", "qualifier:T2-3! value:T1-50! description:T1-80 composite:C", Reference)
TRN = Fields("TRN", "type:T1-2! number:T1-50! originator:T1-10 supplement:T1-50", Trace)
MIA = Texts("MIA")
MOA = Texts("MOA")


def _read_cas(texts: list[str], _: Delimiters) -> list[Adjustment]:
    """CAS: up to six triplets; empty ones are skipped, amounts must be amounts."""
    group, found = texts[1], []
    if not group:
        raise ValueError("1 is absent; without the claim adjustment group the amounts cannot be classed, ask the payer")
    for start in range(2, min(len(texts), 20), 3):
        carc = texts[start]
        amount = texts[start + 1] if start + 1 < len(texts) else ""
        quantity = texts[start + 2] if start + 2 < len(texts) else ""
        if not (carc or amount):
            continue
        if not 1 <= len(carc) <= 5:
            raise ValueError(f"{start} is no reason code of 1-5 characters; ask the payer to correct the adjustment")
        try:
            cents = CENTS[amount]
        except ValueError:
            raise ValueError(f"{start + 1} is not {AN_AMOUNT}; ask the payer to correct the adjustment") from None
        found.append(Adjustment(group, carc, cents, _decimal(quantity)))
    if not found:
        raise ValueError("2 holds no adjustment; ask the payer to correct it")
    return found


def _decimal(text: str) -> Any:
    try:
        return DECIMALS[text] if text else None
    except ValueError:
        return None


def _write_cas(items: list[Adjustment], _: Delimiters) -> list[str]:
    texts = [items[0].group]
    for item in items:
        quantity = "" if item.quantity is None else format_decimal(item.quantity)
        texts += [item.carc, format_cents(item.cents), quantity]
    return texts


def _read_dated(texts: list[str], delimiters: Delimiters) -> Dated:
    """DTP: qualifier, format, value (D8 a day, RD8 a range, DT a day with time, TM a time)."""
    qualifier, form, text = texts[1], texts[2], texts[3]
    if form == "TM":
        return Dated(qualifier, text=text)
    if form == "RD8":
        start, _, end = text.partition("-")
        return Dated(qualifier, _day(start, 3), _day(end, 3))
    return Dated(qualifier, _day(text, 3), text=text if len(text) > 8 else "")


def _day(text: str, element: int) -> dt.date:
    try:
        return DATES[text]
    except ValueError:
        raise ValueError(f"{element} is not a date (CCYYMMDD); ask the sender to correct it") from None


def _write_dated(value: Dated, _: Delimiters) -> list[str]:
    if value.text and value.end:
        raise Unwritable
    if value.text:
        return [value.qualifier, "DT" if value.date else "TM", value.text]
    start = DAYS[value.date] if value.date else ""
    if value.end:
        return [value.qualifier, "RD8", f"{start}-{DAYS[value.end]}"]
    return [value.qualifier, "D8", start]


def _read_dtm(texts: list[str], _: Delimiters) -> Dated:
    """DTM: qualifier and day (835 only; the guide has neither times nor ranges)."""
    return Dated(texts[1], _day(texts[2], 2))


def _write_dtm(value: Dated, _: Delimiters) -> list[str]:
    if value.end or value.text:
        raise Unwritable
    return [value.qualifier, DAYS[value.date] if value.date else ""]


def _read_per(texts: list[str], _: Delimiters) -> Contact:
    rest = texts[3:]
    numbers = tuple((rest[i], rest[i + 1]) for i in range(0, len(rest) - 1, 2) if rest[i] and rest[i + 1])
    return Contact(texts[1], texts[2] if len(texts) > 2 else "", numbers)


def _write_per(value: Contact, _: Delimiters) -> list[str]:
    if len(value.numbers) > 3:
        raise Unwritable
    return [value.function, value.name, *(text for pair in value.numbers for text in pair)]


def _read_hi(texts: list[str], delimiters: Delimiters) -> list[Diagnosis]:
    """HI: up to twelve composites C022."""
    found = []
    for place, text in enumerate(texts[1:], 1):
        if not text:
            continue
        part = [*components(text, delimiters), *[""] * 9]
        if not part[1]:
            raise ValueError(f"{place} is no qualifier with a code; ask the sender to correct the diagnoses")
        start, end = _period(part[2], part[3])
        cents = CENTS[part[4]] if part[4] else None
        found.append(Diagnosis(part[0], part[1], start, end, cents, _decimal(part[5]), part[8]))
    return found


def _period(form: str, text: str) -> tuple[Any, Any]:
    if not text:
        return None, None
    start, _, end = text.partition("-")
    return DATES[start], DATES[end] if form == "RD8" else None


def _write_hi(items: list[Diagnosis], delimiters: Delimiters) -> list[str]:
    return [join(_diagnosis(item), delimiters.component) for item in items]


def _diagnosis(item: Diagnosis) -> list[str]:
    cents = "" if item.cents is None else format_cents(item.cents)
    quantity = "" if item.quantity is None else format_decimal(item.quantity)
    if not (item.date or cents or quantity or item.present_on_admission):
        return [item.qualifier, item.code]
    form, text = "", ""
    if item.date:
        form, text = "D8", DAYS[item.date]
        if item.end:
            form, text = "RD8", f"{text}-{DAYS[item.end]}"
    return [item.qualifier, item.code, form, text, cents, quantity, "", "", item.present_on_admission]


def _read_stc(texts: list[str], delimiters: Delimiters) -> Status:
    from schemas.x12.records.acks import Status

    e = [*texts, *[""] * 13]
    first, *more = (_status_code(text, delimiters) for text in (e[1], e[10], e[11]))
    if not first[0]:
        raise ValueError("1 has no claim status category; ask the payer for it")
    cents, paid = (CENTS[text] if text else None for text in (e[4], e[5]))
    dates = [DATES[text] if text else None for text in (e[2], e[6], e[8])]
    others = tuple(item if item[3] else item[:3] for item in more if item[0])
    return Status(*first, dates[0], e[3], cents, paid, dates[1], e[7], dates[2], e[9], others, e[12])


def _status_code(text: str, delimiters: Delimiters) -> tuple[str, str, str, str]:
    parts = [*components(text, delimiters), "", "", ""]
    return parts[0], parts[1], parts[2], parts[3]


def _write_stc(value: Status, delimiters: Delimiters) -> list[str]:
    if len(value.more) > 2:
        raise Unwritable
    first = join([value.category, value.code, value.entity, value.code_list], delimiters.component)
    more = [join(list(item), delimiters.component) for item in (*value.more, (), ())][:2]
    money = ["" if cents is None else format_cents(cents) for cents in (value.cents, value.paid)]
    dates = ["" if day is None else DAYS[day] for day in (value.date, value.paid_date, value.check_date)]
    return [
        first,
        dates[0],
        value.action,
        *money,
        dates[1],
        value.method,
        dates[2],
        value.check_number,
        *more,
        value.text,
    ]


def _cas_pattern(patterns: Patterns, _: Sequence[str]) -> str:
    triplet = f"{patterns.element}{patterns.letter}{{1,5}}+{patterns.element}{patterns.amount}"
    return (
        f"{patterns.element}{patterns.letter}++{triplet}"
        f"(?:{patterns.element}{patterns.some}{triplet}){{0,5}}+(?:{patterns.element}{patterns.some})?+"
    )


def _per_pattern(patterns: Patterns, codes: Sequence[str]) -> str:
    return f"{patterns.first(codes)}(?:{patterns.element}{patterns.some}){{0,7}}+"


def _dtp_pattern(patterns: Patterns, codes: Sequence[str]) -> str:
    between, day = patterns.element, patterns.day
    forms = f"D8{between}{day}|RD8{between}{day}-{day}|DT{between}{day}[0-9]{{4}}|TM{between}{patterns.letter}++"
    return f"{patterns.first(codes)}{between}(?:{forms})"


def _hi_pattern(patterns: Patterns, _: Sequence[str]) -> str:
    between = patterns.component
    dated = f"(?:{between}D8{between}{patterns.day})?+"
    return f"(?:{patterns.element}[A-Z]{{2,3}}+{between}{patterns.part}++{dated}(?:{between}{{7}}[NUWY1])?+){{1,12}}+"


CAS = Special("CAS", _read_cas, _write_cas, list, essential=True, pattern=_cas_pattern, most=19)
DTP = Special("DTP", _read_dated, _write_dated, lambda: None, pattern=_dtp_pattern, most=3)
DTM = Special(
    "DTM", _read_dtm, _write_dtm, lambda: None, pattern=lambda p, codes: f"{p.first(codes)}{p.element}{p.day}"
)
PER = Special("PER", _read_per, _write_per, lambda: None, pattern=_per_pattern, most=8)
HI = Special("HI", _read_hi, _write_hi, list, pattern=_hi_pattern, most=12)
STC = Special("STC", _read_stc, _write_stc, lambda: None, essential=True, most=12)
