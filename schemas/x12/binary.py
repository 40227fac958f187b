"""BIN and BDS: segments whose data have a declared length and may hold any byte, the delimiters too."""

from __future__ import annotations

import re
from base64 import b64decode

from schemas.x12.delimiters import Delimiters

TAGS = frozenset({"BIN", "BDS"})
TRUSTED = 1 << 28
# What may stand behind binary data; where a declared length is wrong, the next one of these ends the data.
FOLLOWERS = "SE|LX|TRN|STC|REF|DTP|CAT|OOI|EFI|BIN|BDS|NM1|HL|ST|GE|GS|IEA|ISA"
SPACE = " \t\r\n"


class Binary:
    """Finds binary segments in a text and where their data end."""

    def __init__(self, delimiters: Delimiters) -> None:
        element, end = re.escape(delimiters.element), re.escape(delimiters.segment)
        plain = f"[^{element}{end}]*" if end else f"[^{element}]*"
        header = f"[{SPACE}]*(?:BIN{element}|BDS{element}{plain}{element})(?P<length>{plain}){element}"
        self._size = len(delimiters.segment)
        self._marks = tuple(tag + delimiters.element for tag in sorted(TAGS))
        self._here = re.compile(header)
        self._later = re.compile(f"(?<={end}){header}")
        self._close = re.compile(f"[\r\n]*{end}")
        self._follower = re.compile(f"{end}[{SPACE}]*(?:{FOLLOWERS}){element}")

    def present(self, text: str) -> bool:
        """May a binary segment begin in this text? Quick, and wrong only by saying yes."""
        return any(mark in text for mark in self._marks)

    def opening(self, text: str, start: int) -> re.Match[str] | None:
        """The first binary segment that begins at `start`, where a segment begins, or later: from its tag to its data."""
        return self._here.match(text, start) or self._later.search(text, start)

    def stop(self, text: str, opening: re.Match[str], whole: bool) -> int:
        """Where the segment ends, its terminator excluded; -1 when more text is needed (never when `whole`).

        The declared length counts when a terminator stands behind it, else the data end before the next segment of an
        X12 set. (A wrong length that ends at another terminator by chance is betrayed by SE01 only.)
        """
        declared, data = opening["length"], opening.end()
        if declared.isdecimal() and len(declared) < 11 and int(declared) <= TRUSTED:
            behind = data + int(declared)
            if len(text) <= behind + 2 and not whole:
                return -1
            close = self._close.match(text, behind)
            if close is not None:
                return close.end() - self._size
            if behind == len(text):
                return behind
        found = self._follower.search(text, data)
        if found is not None:
            return found.start()
        return len(text) if whole else -1


def binary_texts(token: str, element: str) -> list[str] | None:
    """The elements of a binary segment, its data in one piece and as they stood; None for every other segment."""
    head = token[:64].lstrip(" \t\r\n\x1a\x00\ufeff")[:3]
    if head not in TAGS:
        return None
    return token.lstrip(SPACE).split(element, 2 if head == "BIN" else 3)


def is_base64(data: bytes) -> bool:
    """Can this be decoded? Line ends do no harm."""
    try:
        b64decode(b"".join(data.split()), validate=True)
    except ValueError:
        return False
    return True


def to_octets(text: str) -> bytes:
    """The bytes that a text stands for: read as latin-1, or made by `from_octets`."""
    try:
        return text.encode("latin-1", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


def from_octets(data: bytes) -> str:
    """Bytes as a text that the writer gives back as the same bytes."""
    return data.decode("ascii", "surrogateescape")
