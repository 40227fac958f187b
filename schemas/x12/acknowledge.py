"""What we answer to what we receive (999, TA1), and which of our sets an answer is about."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable

from schemas.x12.diagnostics import Diagnostic
from schemas.x12.reading import Reading
from schemas.x12.records.acks import Ack999, ElementError, SegmentError, SetAck
from schemas.x12.records.base import TransactionSet
from schemas.x12.records.envelope import Group, Interchange, InterchangeAck
from schemas.x12.records.other import UnknownSet

TWO_LETTERS = re.compile("[A-Z]{2}")
NO_TAG = "ZZZ"  # IK301 holds letters and digits only: what stands for a segment whose identifier has others
NEVER_ANSWERED = frozenset({"FA"})
NO_ERROR, INVALID_CONTENT = "000", "024"  # TA105
# finding -> IK304
SEGMENT_CODES = {
    "unknown_segment": "1",
    "misplaced_segment": "2",
    "missing_segment": "3",
    "repeated_segment": "5",
    "segment_order": "7",
}
# finding -> IK403
ELEMENT_CODES = {
    "missing_element": "1",
    "too_many_elements": "3",
    "element_length": "5",
    "binary_shorter": "4",
    "binary_longer": "5",
    "malformed_element": "6",
    "unexpected_qualifier": "7",
    "unused_element": "I10",
    "hl_number": "7",
    "hl_parent": "7",
}
# finding -> IK502
SET_CODES = {
    "set_not_supported": "1",
    "transaction_truncated": "2",
    "set_control_number": "3",
    "segment_count": "4",
    "other_version": "I6",
}
# finding -> AK905
GROUP_CODES = {"group_truncated": "3", "ge_control_number": "4", "ge_count": "5"}


def make999(reading: Reading, taken: Container[int] = ()) -> list[Ack999]:
    """One 999 for every functional group of an inbound file; none for a group of 999s (a 999 is never answered).

    Syntax findings (SNIP 1 and 2) are reported; an error among them rejects the set (R), as does a set that this codec does
    not know; warnings accept it with errors (E). A wrong GE is told in AK905 (AK902 is its
    GE01 as it came) and rejects nothing. `taken` holds the positions of sets from which something was used all the same:
    whatever stands in them, they are accepted with errors, or their sender would send again what has been booked.
    Balance and content are the business of the 277CA.
    """
    groups = [group for interchange in reading.interchanges for group in interchange.groups]
    ends = [*(group.position for group in groups[1:]), reading.segments + 1]
    return [
        _answer(group, _between(reading, group.position, end), taken)
        for group, end in zip(groups, ends, strict=False)
        if group.functional_id not in NEVER_ANSWERED and group.transactions
    ]


def _between(reading: Reading, first: int, last: int) -> list[Diagnostic]:
    """The envelope findings from one segment on, up to another."""
    return [finding for finding in reading.diagnostics if first <= finding.segment < last]


def _answer(group: Group, envelope: list[Diagnostic], taken: Container[int]) -> Ack999:
    sets = [_set(transaction, group, taken) for transaction in group.transactions]
    accepted = sum(item.accepted for item in sets)
    reasons = tuple(sorted({GROUP_CODES[finding.code] for finding in envelope if finding.code in GROUP_CODES}))
    code = "E" if reasons or any(item.code == "E" for item in sets) else "A"
    code = "R" if accepted == 0 else "P" if accepted < len(sets) else code
    first = group.transactions[0]
    said = group.functional_id if TWO_LETTERS.fullmatch(group.functional_id) else first.FUNCTIONAL_ID
    return Ack999(
        functional_id=_fit(said, 2, 2),
        group_control_number=_fit("".join(filter(str.isdecimal, group.control_number)), 1, 9),
        group_version=_fit(group.version or first.version or first.VERSION, 1, 12),
        sets=sets,
        code=code,
        included=len(sets) if group.said is None else group.said,
        received=len(sets),
        accepted=accepted,
        reasons=reasons,
    )


def _set(transaction: TransactionSet, group: Group, taken: Container[int]) -> SetAck:
    syntax = [item for item in transaction.diagnostics if item.snip in (1, 2) and _told(item)]
    reasons = sorted({SET_CODES[finding.code] for finding in syntax if finding.code in SET_CODES})
    segments = _segments(transaction, syntax)
    if segments:
        reasons.append("5")
    refused = isinstance(transaction, UnknownSet) or any(finding.severity == "error" for finding in syntax)
    code = "R" if refused and transaction.position not in taken else "E" if syntax else "A"
    version = _fit(transaction.version or group.version, 0, 35)
    set_id = _fit(transaction.SET_ID or getattr(transaction, "set_id", ""), 3, 3)
    control = _fit(transaction.control_number, 4, 9)
    return SetAck(set_id, control, version, segments, code, tuple(reasons) if code != "A" else ())


def _fit(text: str, low: int, high: int) -> str:
    """What came, as far as the 999 can carry it: an identifier too short, too long or full of rubbish is answered too."""
    plain = "".join(letter for letter in text if letter.isascii() and (letter.isalnum() or letter in "-. "))
    return plain.strip()[:high].rjust(low, "0")


def _told(finding: Diagnostic) -> bool:
    return finding.severity != "info" or finding.code in SET_CODES


def _segments(transaction: TransactionSet, findings: Iterable[Diagnostic]) -> list[SegmentError]:
    errors: dict[tuple[int, str, str], SegmentError] = {}
    for finding in findings:
        tag = finding.element[:-2] if finding.code in ELEMENT_CODES else finding.element
        if finding.code not in ELEMENT_CODES and finding.code not in SEGMENT_CODES:
            continue
        place = finding.segment - transaction.position + 1
        code = SEGMENT_CODES.get(finding.code, "8")
        key = (place, tag, code)
        name = tag if 2 <= len(tag) <= 3 and tag.isascii() and tag.isalnum() else NO_TAG
        error = errors.setdefault(key, SegmentError(name, place, finding.loop[:4], code))
        if finding.code in ELEMENT_CODES:
            number = int(finding.element[-2:]) if finding.element[-2:].isdecimal() else 1
            error.elements.append(ElementError(number, code=_element_code(finding)))
    return [errors[key] for key in sorted(errors, key=lambda item: item[0])]


def _element_code(finding: Diagnostic) -> str:
    """IK403; a date that is none has a code of its own."""
    dated = finding.code == "malformed_element" and "is not a date" in finding.message
    return "8" if dated else ELEMENT_CODES[finding.code]


def make_ta1(reading: Reading, taken: Container[int] = ()) -> list[InterchangeAck]:
    """TA1 for each interchange that asks for one (ISA14 = 1) or that cannot be used; wrong counts are accepted with errors,
    and so is whatever holds a set that was used all the same (`taken`, by position). One that holds only TA1s is never answered.
    """
    answers = []
    for index, interchange in enumerate(reading.interchanges):
        found = _own(reading, index)
        note = _note(found)
        used = any(one.position in taken for group in interchange.groups for one in group.transactions)
        refused = not used and any(finding.severity == "error" for finding in found)
        if interchange.acks and not interchange.groups:
            continue
        if interchange.ack_requested != "1" and not refused:
            continue
        if refused and note == NO_ERROR:
            note = INVALID_CONTENT
        code = "R" if refused else "A" if note == NO_ERROR else "E"
        answers.append(InterchangeAck(interchange.control_number, interchange.date, interchange.time, code, note))
    return answers


def _own(reading: Reading, index: int) -> list[Diagnostic]:
    """The envelope findings between this ISA and the next one."""
    places: list[Interchange] = reading.interchanges
    first = places[index].position if index else 0
    last = places[index + 1].position if index + 1 < len(places) else reading.segments + 1
    return _between(reading, first, last)


def _note(findings: Iterable[Diagnostic]) -> str:
    notes = {"iea_control_number": "001", "iea_count": "021", "interchange_truncated": "023", "isa_truncated": "022"}
    return next((notes[finding.code] for finding in findings if finding.code in notes), NO_ERROR)


def verdict(ack: Ack999, set_control_number: str) -> SetAck:
    """What a 999 says about our ST02: its AK2 where there is one, else what AK9 says about the whole group."""
    for item in ack.sets:
        if item.set_control_number == set_control_number:
            return item
    code = ack.code if ack.code != "P" else "A"
    return SetAck(set_control_number=set_control_number, version=ack.group_version, code=code, reasons=ack.reasons)


def answers_group(ack: Ack999, group: Group) -> bool:
    """Does this 999 answer this group of ours? AK101 = GS01 and AK102 = GS06, leading zeros aside."""
    same = ack.group_control_number.lstrip("0") == group.control_number.lstrip("0")
    return same and ack.functional_id == group.functional_id
