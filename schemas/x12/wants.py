"""What the guide wants of one element at one place, beyond what the segment's shape says everywhere.

A want is a line of the description like any other: the full reader tests it, the quick pass has it in its pattern, the writer
refuses by it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from schemas.x12.elements import Problem
from schemas.x12.finding_codes import FINDINGS, Code

Values = dict[str, Any]
Test = Callable[[Values], object]


@dataclass(slots=True, frozen=True)
class Want:
    """The field `name` of a segment must pass `test`, which is given all fields that are present.

    `pattern` is what a sound text looks like, for the quick pass; it may say no to more than `test`. `text` is what to say
    behind the element's name, `essential` that the unit is set aside.
    """

    name: str
    test: Test
    code: Code = "missing_element"
    text: str = ""
    pattern: str = ""
    essential: bool = False


def _person(values: Values) -> bool:
    return bool(values.get("kind", "1") == "1")


def present(name: str, only: Test | None = None) -> Want:
    """The element is required here; with `only`, in that situation."""
    return Want(name, lambda values: values.get(name) or (only is not None and not only(values)))


def one_of(name: str, values: str) -> Want:
    """The element holds one of these values, where it stands."""
    allowed = values.split()
    text = f"holds none of the values that the guide has here ({' '.join(allowed)}); ask the sender what is meant"
    pattern = f"(?:{'|'.join(allowed)})"
    return Want(name, lambda found: found.get(name, allowed[0]) in allowed, "value_not_allowed", text, pattern)


NAMED = (present("last"),)
"""NM103, N102: a name."""
NUMBERED = (present("id_qualifier"), present("id"))
"""NM108 and NM109, N103 and N104."""
IDENTIFIED = (*NAMED, *NUMBERED)
MEMBER = (*NAMED, present("id_qualifier", _person), present("id", _person))
"""2010BA: the member's number is required of a person (NM102 1), not of a company that is insured."""

NINE_DIGITS = Want(
    "zip",
    lambda values: re.fullmatch("[0-9]{9}", values.get("zip", "")) or values.get("country", "US") != "US",
    "zip_not_nine_digits",
    "is no ZIP code of nine digits, as the guide wants of this address; give ZIP+4 without a hyphen",
    "[0-9]{9}",
)
BOX = re.compile(r"\b(?:P[. ]*O[. ]*B(?:OX)?|POST(?:AL)? +OFFICE +BOX|LOCK *BOX|LOCK *BIN)\b", re.IGNORECASE)


def _street(name: str) -> Want:
    return Want(
        name,
        lambda values: BOX.search(values.get(name, "")) is None,
        "street_is_post_box",
        "holds a post office or lock box, but must be where the provider is; give the street, the box in 2010AB (pay-to)",
    )


STREET_ONLY = (_street("street"), _street("street2"))
NOT_NEGATIVE = Want(
    "charge",
    lambda values: values.get("charge", 0) >= 0,
    "charge_negative",
    "is negative, and no payer takes such a charge; send what was charged, take a claim back by a void (CLM05-3 8)",
    r"\d{1,12}+(?:\.\d{0,2}+)?+",
    essential=True,
)


CLAIM_SIGNED = (
    NOT_NEGATIVE,
    one_of("assignment", "A B C"),
    one_of("benefits_assigned", "N W Y"),
    one_of("release", "I Y"),
)
"""CLM02; CLM07, CLM08, CLM09."""
SEX = (one_of("sex", "F M U"),)
RELATIONS = "01 19 20 21 39 40 53 G8"
RELATED = (present("relationship"), one_of("relationship", RELATIONS))
"""PAT01: how the patient is related to the subscriber."""
INSURED_AS = (present("relationship"), one_of("relationship", f"18 {RELATIONS}"))
"""SBR02 of another payer's subscriber."""
CONSENT = (one_of("assignment", "N W Y"), one_of("release", "I Y"))
"""OI03, OI06."""
SERVED_BY_UNIT = (NOT_NEGATIVE, one_of("unit", "MJ UN"))
STAYED_BY_UNIT = (NOT_NEGATIVE, one_of("unit", "DA UN"))


PAYEE = (*IDENTIFIED, one_of("id_qualifier", "FI XV XX"))
"""1000B: N102, N103, N104."""
PAID = (one_of("handling", "C D H I P U X"), one_of("credit_debit", "C D"), one_of("method", "ACH BOP CHK FWT NON"))
"""BPR01, BPR03, BPR04."""


def lacking(wants: Sequence[Want], shape: Any, pairs: Any, known: Sequence[Problem]) -> Iterator[Problem]:
    """What a segment of this shape lacks of what is wanted; elements that have a problem already are passed over."""
    values = dict(pairs)
    missed = [want for want in wants if not want.test(values)]
    told = {problem.element for problem in known} if missed else ()
    for want in missed:
        place = next(item.index for item in shape.elements if want.name in item.names)
        if place in told:
            continue
        what = want.text or f"({want.name.replace('_', ' ')}) is required here and absent; ask the sender to supply it"
        yield Problem(want.code, place, want.essential, f"{shape.tag}{place:02d} {what}", FINDINGS[want.code].snip)
