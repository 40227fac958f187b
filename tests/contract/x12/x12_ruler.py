"""A second opinion on a file's counts and sums: plain splitting, nothing of the codec, only what a clerk would add up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

Segment = list[str]
OPENS_CLAIM = ("CLP", "CLM")
NOT_POSTED = ("23", "25")


def interchanges(data: bytes) -> Iterator[list[Segment]]:
    """The segments of each interchange (or of a file without one), by its own delimiters."""
    text = data.decode("latin-1").lstrip("\ufeff\xef\xbb\xbf \r\n\t")
    starts = [found.start() for found in re.finditer(r"(?:^|(?<=[~\r\n]))ISA[^A-Za-z0-9]", text)] or [0]
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        yield list(_segments(text[start:end]))


def _segments(text: str) -> Iterator[Segment]:
    text = text.replace("\r", "")
    mark = text[3] if text.startswith("ISA") else text[2:3]
    behind = text.split(mark, 16)[16][1:2] if text.startswith("ISA") else ""
    end = behind if behind.strip() and not behind.isalnum() else "~" if "~" in text else "\n"
    yield from (part.strip("\n\x1a ").split(mark) for part in text.split(end) if part.strip("\n\x1a "))


def sets(data: bytes) -> list[tuple[str, list[Segment]]]:
    """ST01 and what stands between each ST and the envelope segment that ends it."""
    found: list[tuple[str, list[Segment]]] = []
    for segments in interchanges(data):
        inside = False
        for segment in segments:
            if segment[0] == "ST":
                found.append((segment[1], []))
            inside = segment[0] not in ("SE", "GE", "IEA", "GS", "ISA") and (inside or segment[0] == "ST")
            if inside and segment[0] != "ST":
                found[-1][1].append(segment)
    return found


def claims(segments: list[Segment]) -> Iterator[list[Segment]]:
    """Each CLP or CLM with what follows it up to the next, the next HL or the next LX of an 835."""
    claim: list[Segment] = []
    for segment in segments:
        ends = segment[0] in (*OPENS_CLAIM, "HL", "PLB") or (segment[0] == "LX" and claim and claim[0][0] == "CLP")
        if ends and claim:
            yield claim
        if ends:
            claim = []
        if segment[0] in OPENS_CLAIM or claim:
            claim.append(segment)
    if claim:
        yield claim


def amount(segment: Segment, place: int) -> Decimal:
    """An element's amount, 0 where it is absent or none."""
    try:
        return Decimal(segment[place]) if len(segment) > place and segment[place] else Decimal(0)
    except InvalidOperation:
        return Decimal(0)


def adjusted(segments: list[Segment]) -> Decimal:
    """All CAS amounts."""
    places = ((segment, place) for segment in segments if segment[0] == "CAS" for place in range(3, 19, 3))
    return sum((amount(segment, place) for segment, place in places), Decimal(0))


def adds_up(claim: list[Segment]) -> bool:
    """835: CLP04 = CLP03 - all CAS, each SVC03 = SVC02 - its CAS, and the lines make the claim. 837: CLM02 = its lines."""
    head = claim[0]
    if head[0] == "CLM":
        places = {"SV1": 2, "SV2": 3, "SV3": 2}
        return amount(head, 2) == sum(amount(segment, places[segment[0]]) for segment in claim if segment[0] in places)
    if head[2] in NOT_POSTED:
        return True
    at = [place for place, segment in enumerate(claim) if segment[0] == "SVC"]
    lines = [claim[start:end] for start, end in zip(at, [*at[1:], len(claim)], strict=False)]
    of_claim = adjusted(claim[: at[0]] if at else claim)
    whole = amount(head, 4) == amount(head, 3) - adjusted(claim)
    even = all(amount(line[0], 3) == amount(line[0], 2) - adjusted(line) for line in lines)
    return whole and even and (not at or amount(head, 4) == sum(amount(line[0], 3) for line in lines) - of_claim)


def pays(segments: list[Segment]) -> bool:
    """835: BPR02 = all CLP04 - all PLB, and not negative."""
    paid = sum((amount(segment, 4) for segment in segments if segment[0] == "CLP"), Decimal(0))
    levelled = sum(
        (amount(segment, place) for segment in segments if segment[0] == "PLB" for place in range(4, 15, 2)), Decimal(0)
    )
    said = amount(next(segment for segment in segments if segment[0] == "BPR"), 2)
    return said == paid - levelled and said >= 0


def miscounts(data: bytes) -> set[str]:
    """Which counts and control numbers of the envelope are wrong, by our names for it."""
    found: set[str] = set()
    for segments in interchanges(data):
        open_at: dict[str, tuple[int, Segment]] = {}
        seen = {"ST": 0, "GS": 0}
        for place, segment in enumerate(segments):
            tag = segment[0]
            if tag in ("ISA", "GS", "ST"):
                open_at[tag] = (place, segment)
                seen["ST"] = 0 if tag == "GS" else seen["ST"] + (tag == "ST")
                seen["GS"] += tag == "GS"
            found |= set(_closed(tag, place, segment, open_at, seen))
    return found


def _closed(
    tag: str, place: int, segment: Segment, open_at: dict[str, tuple[int, Segment]], seen: dict[str, int]
) -> Iterator[str]:
    names = {"SE": ("ST", 2, "segment_count", "set_control_number"), "GE": ("GS", 6, "ge_count", "ge_control_number")}
    names["IEA"] = ("ISA", 13, "iea_count", "iea_control_number")
    if tag == "IEA" and "ISA" not in open_at:
        yield "iea_control_number"
    if tag not in names or names[tag][0] not in open_at:
        return
    above, number, count_code, number_code = names[tag]
    start, head = open_at.pop(above)
    counted = {"SE": place - start + 1, "GE": seen["ST"], "IEA": seen["GS"]}[tag]
    if not segment[1].isdecimal() or int(segment[1]) != counted:
        yield count_code
    if segment[2:3] != head[number : number + 1]:
        yield number_code
