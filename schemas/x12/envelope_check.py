"""What the envelope that is written must be, or the partner's translator refuses everything inside of it.

The elements of ISA have fixed lengths (X12.5; appendix C of every guide). GS01 and GS08 say what the sets of the group are; GS06
and ST02 tell groups and sets apart, or nobody knows which one a 999 answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from schemas.x12.diagnostics import Diagnostic
from schemas.x12.finding_codes import Code
from schemas.x12.records.base import kind_of
from schemas.x12.records.envelope import Group, Interchange

NAME = re.compile("[ -~]{1,15}")
NUMBER = re.compile("[0-9]{1,9}")
# ISA01 to ISA15; those that the writer pads are judged as they were given
WIDE = ("[ -~]{2}", "[ -~]{10}", "[ -~]{2}", "[ -~]{10}", "[ -~]{2}", "", "[ -~]{2}", "", "[0-9]{6}", "[0-9]{4}")
ISA_FORMS = tuple(re.compile(form) for form in (*WIDE, "[^A-Za-z0-9 ]|U", "[0-9]{5}", "", "[01]", "[PTI]"))
GIVEN = frozenset({6, 8, 13})
# GS01 to GS08
NAMES = ("[A-Z]{2}", "[ -~]{2,15}", "[ -~]{2,15}", "[0-9]{8}", "[0-9]{4}(?:[0-9]{2,4})?", "[0-9]{1,9}", "[XT]")
GS_FORMS = tuple(re.compile(form) for form in (*NAMES, "[ -~]{1,12}"))
ST02 = re.compile("[ -~]{4,9}")


def interchange_findings(item: Interchange, isa: Sequence[str]) -> Iterator[Diagnostic]:
    """What is wrong with the ISA made of this record; the elements are those of `interchange_texts`."""
    for name, value, element in (("sender", item.sender, "ISA06"), ("receiver", item.receiver, "ISA08")):
        if not NAME.fullmatch(value):
            text = f"{element} ({name}) must have 1-15 characters of ASCII; give it so"
            yield _finding("envelope_length", element, text)
    if not NUMBER.fullmatch(item.control_number):
        yield _finding("envelope_length", "ISA13", "ISA13 must be a number of at most nine digits; give one")
    if item.date is None:
        yield _finding("missing_element", "ISA09", "ISA09 needs the interchange's date; give it")
    for place, (form, text) in enumerate(zip(ISA_FORMS, isa[1:], strict=False), 1):
        if place not in GIVEN and not form.fullmatch(text):
            element = f"ISA{place:02d}"
            yield _finding(
                "envelope_length", element, f"{element} is not what ISA has room for; give it in its fixed form"
            )
    if not (item.groups or item.acks):
        yield _finding("missing_segment", "GS", "the interchange holds neither a group nor a TA1; drop it")
    numbers = [group.control_number or str(number) for number, group in enumerate(item.groups, 1)]
    if len(set(numbers)) < len(numbers):
        yield _finding("control_number_repeated", "GS06", "two groups have one GS06; give each its own control number")


def group_findings(group: Group, gs: Sequence[str], controls: Sequence[str]) -> Iterator[Diagnostic]:
    """What is wrong with the GS (its elements are those of `group_texts`) and with the ST02s of its sets."""
    for place, (form, text) in enumerate(zip(GS_FORMS, gs[1:], strict=False), 1):
        if not form.fullmatch(text):
            element = f"GS{place:02d}"
            yield _finding(
                "envelope_length", element, f"{element} is absent or does not fit; give it as the guide wants it"
            )
    if not group.transactions:
        yield _finding("missing_segment", "ST", "the group holds no transaction set; drop the group")
    kinds = {kind_of(one) for one in group.transactions}
    if any(gs[1] != kind.FUNCTIONAL_ID for kind in kinds):
        yield _finding(
            "group_differs", "GS01", "GS01 names another kind of set than the group holds; give each its group"
        )
    if any(gs[8] != kind.VERSION for kind in kinds):
        yield _finding("group_differs", "GS08", "GS08 is not the version of the sets; give none, or make two groups")
    if not all(ST02.fullmatch(control) for control in controls):
        yield _finding("envelope_length", "ST02", "ST02 must have 4-9 characters; give it so, or none")
    if len(set(controls)) < len(controls):
        yield _finding("control_number_repeated", "ST02", "two sets of a group have one ST02; give each its own")


def _finding(code: Code, place: str, text: str) -> Diagnostic:
    return Diagnostic(code, "error", 1, 1, text, "envelope", place, "interchange")
