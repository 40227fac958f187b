"""Bytes to segments: finds interchanges and their delimiters in whatever came, a chunk at a time, and loses no byte.

Everything is decoded as latin-1, which is lossless (UTF-8 letters are put together again per segment); UTF-16 is recognised.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import BinaryIO

from schemas.x12.binary import Binary
from schemas.x12.cursor import Cursor, Whole
from schemas.x12.delimiters import Delimiters

CHUNK = 1 << 17
ISA = re.compile(r"ISA(?P<e>[^A-Za-z0-9 \r\n])(?=[^\r\n]{2}(?P=e))")
BARE = re.compile(r"GS(?P<e>[^A-Za-z0-9 \r\n])[A-Z]{2}(?P=e)|ST(?P<f>[^A-Za-z0-9 \r\n])\d{3}(?P=f)")
LITTLE, BIG = re.compile(rb"(?:[ \t\r\n]\0)*I\0S\0A\0"), re.compile(rb"(?:\0[ \t\r\n])*\0I\0S\0A")
BLANK = " \t\r\n\x1a\x00\ufeff"
HEADER = 400
PROLOGUE = 1 << 16
OVERLAP = 64
SPACE = " \r\n"


@dataclass(slots=True)
class Section:
    """One interchange, or what stands before or instead of one.

    `before` is text in front of the ISA (garbage); `segments` must be used up before the next section is taken. `bare` is
    true when there is no ISA.
    """

    delimiters: Delimiters
    before: str
    segments: Cursor
    bare: bool = False
    readable: bool = True
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Kept:
    """The text of one section, as it stood."""

    before: str
    regions: list[str] = field(default_factory=list)


class Source:
    """A file's text in chunks, with the encoding that was recognised. `keep` holds on to everything for `reemit`."""

    def __init__(self, data: bytes | bytearray | memoryview | BinaryIO, keep: bool = False) -> None:
        self.keep = keep
        self.kept: list[Kept] = []
        self.tail = b""
        self._skipped = False
        self._file: BinaryIO = BytesIO(data) if isinstance(data, (bytes, bytearray, memoryview)) else data
        head = self._file.read(CHUNK)
        self.size = len(head)
        self.encoding, self.label = _encoding(head)
        self._decoder = codecs.getincrementaldecoder(self.encoding)(
            "surrogatepass" if "16" in self.encoding else "strict"
        )
        self.text = self._decoder.decode(head)
        self.ended = not head

    def more(self) -> bool:
        """Reads another chunk behind `text`; False at the end of the file."""
        if self.ended:
            return False
        chunk = self._file.read(max(CHUNK, len(self.text)))
        self.size += len(chunk)
        if chunk:
            self.text += self._decoder.decode(chunk)
        else:
            self.tail = self._decoder.getstate()[0]
        self.ended = not chunk
        return not self.ended

    def sections(self) -> Iterator[Section]:
        """The interchanges of the file in order."""
        while self.text or self.more():
            self._skipped = False
            start = self._find_start()
            before, self.text = self.text[:start], self.text[start:]
            before = f"...{before}" if self._skipped else before
            if not self.text:
                if self.keep:
                    self.kept.append(Kept(before))
                if before.strip(BLANK):
                    yield Section(Delimiters(), before, Cursor(iter(()), "~"), True, False)
                return
            while len(self.text) < HEADER and self.more():
                pass
            bare = not self.text.startswith("ISA")
            delimiters, notes = _bare_delimiters(self.text) if bare else isa_delimiters(self.text)
            yield Section(delimiters, before, self._segments(delimiters, before), bare, True, notes)

    def _find_start(self) -> int:
        """Where the next ISA (or, where that was lost, GS or ST) begins; the end of the text when there is none.

        What stands before is kept for `reemit` only; when streaming, memory stays flat however much of it there is.
        """
        done = 0
        while True:
            found = ISA.search(self.text, done)
            if found is not None or len(self.text) - done > PROLOGUE or self.ended:
                bare = _bare_start(self.text, done, found.start() if found is not None else len(self.text))
                if bare >= 0 or found is not None:
                    return bare if found is None or bare >= 0 else found.start()
                done = max(done, len(self.text) - OVERLAP)
                if not self.keep:
                    self._skipped = self._skipped or bool(self.text[:done].strip(BLANK))
                    self.text, done = self.text[done:], 0
            if self.ended:
                return len(self.text)
            self.more()

    def _segments(self, delimiters: Delimiters, before: str) -> Cursor:
        kept = Kept(before)
        if self.keep:
            self.kept.append(kept)
        return Cursor(self._regions(delimiters, kept), delimiters.segment)

    def _regions(self, delimiters: Delimiters, kept: Kept) -> Iterator[str | Whole]:
        """Text of whole segments, and binary segments alone, up to the next interchange, which is left in `text`."""
        end, binary = delimiters.segment, Binary(delimiters)
        at, guard, fresh, mixed = 0, 3, True, False
        while True:
            mixed = binary.present(self.text) if fresh else mixed
            opening = binary.opening(self.text, at) if mixed else None
            limit = len(self.text) if opening is None else opening.start()
            border = self._border(guard, end, limit)
            if border >= 0 or (opening is None and self.ended):
                yield self._last(at, border if border >= 0 else limit, kept)
                return
            size = len(self.text)
            if opening is not None:
                yield self._keep(self.text[at:limit], kept)
                stop = self._stop(binary, opening)
                closed = self.text.startswith(end, stop)
                whole = self._keep(self.text[limit : stop + len(end) * closed], kept)
                self.text = self.text if closed else ""
                yield Whole(whole[: len(whole) - len(end) * closed])
                if not closed:
                    return
                guard = at = stop + len(end)
                fresh = len(self.text) != size
                if at < CHUNK or at * 2 < len(self.text):
                    continue
            elif (cut := self.text.rfind(end, at) + len(end)) > at:
                yield self._keep(self.text[at:cut], kept)
                at = guard = cut
            guard = max(0, guard - at)
            self.text, at = self.text[at:], 0
            fresh = self.more()

    def _keep(self, text: str, kept: Kept) -> str:
        if self.keep:
            kept.regions.append(text)
        return text

    def _last(self, start: int, stop: int, kept: Kept) -> str:
        """What is left of the section."""
        text, self.text = self.text[start:stop], self.text[stop:]
        return self._keep(text, kept)

    def _stop(self, binary: Binary, opening: re.Match[str]) -> int:
        """Where a binary segment ends; reads on until its data are whole."""
        while (stop := binary.stop(self.text, opening, self.ended)) < 0:
            self.more()
        return stop

    def _border(self, start: int, end: str, limit: int) -> int:
        """Where another ISA begins before `limit`, behind a segment's end or on a new line, or -1."""
        text = self.text
        place = text.find("ISA", start, limit)
        while place >= 0:
            ahead = text[max(0, place - 4) : place]
            fresh = not ahead.strip() or ahead.rstrip(" \t\r\n").endswith(end) or ahead[-1] in "\r\n"
            if fresh and ISA.match(text, place):
                return place
            place = text.find("ISA", place + 3, limit)
        return -1

    def reemit(self) -> bytes:
        """The bytes as they came."""
        parts = [text for kept in self.kept for text in (kept.before, *kept.regions)]
        return "".join(parts).encode(self.encoding, "surrogatepass" if "16" in self.encoding else "strict") + self.tail


def _bare_start(text: str, start: int, end: int) -> int:
    """Where a GS or ST begins that no letter or digit stands before, or -1."""
    for found in BARE.finditer(text, start, end):
        if not text[max(0, found.start() - 1) : found.start()].isalnum():
            return found.start()
    return -1


def _encoding(head: bytes) -> tuple[str, str]:
    """Codec and its name for people. UTF-16 is told by its mark or by zero bytes beside ISA."""
    if head.startswith(codecs.BOM_UTF16_LE) or LITTLE.match(head):
        return "utf-16-le", "utf-16"
    if head.startswith(codecs.BOM_UTF16_BE) or BIG.match(head):
        return "utf-16-be", "utf-16"
    if head.startswith(codecs.BOM_UTF8):
        return "latin-1", "utf-8-bom"
    if head.isascii():
        return "latin-1", "ascii"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
        return "latin-1", "utf-8"
    except UnicodeDecodeError:
        return "latin-1", "latin-1"


def isa_delimiters(text: str) -> tuple[Delimiters, list[str]]:
    """Delimiters of the ISA at the start of `text`, with notes on what is odd about it.

    Counted by separators, so that identifiers that are too short do no harm.
    """
    separator = text[3]
    parts = text[:HEADER].split(separator, 16)
    if len(parts) < 17:
        return Delimiters(element=separator, segment=_likely_end(text, separator)), ["isa_truncated"]
    if not _fixed(parts):
        return _damaged_delimiters(text, separator, parts)
    component, end, behind = (*parts[16][:3], "", "", "")[:3]
    if (component in SPACE or not component) or parts[16][1:3] in ("GS", "TA"):
        return Delimiters(separator, "", component or "~", _repetition(parts)), ["isa_component"]
    if end in SPACE and behind and not behind.isalnum() and behind not in SPACE:
        end = behind
    if not end or end.isalnum():
        return Delimiters(separator, component, _likely_end(text, separator), _repetition(parts)), ["isa_terminator"]
    return Delimiters(separator, component, end, _repetition(parts)), []


def _damaged_delimiters(text: str, separator: str, parts: list[str]) -> tuple[Delimiters, list[str]]:
    """Of an ISA whose elements have other lengths: short identifiers do no harm, a lost separator shifts them all."""
    seen = _before_group(text, separator)
    if seen is not None:
        return Delimiters(separator, seen[1], seen[2], _repetition(parts)), ["isa_length"]
    component, end = parts[16][:1], _likely_end(text, separator)
    if not component or component.isalnum() or component in SPACE or component == end:
        return Delimiters(separator, "", end, _repetition(parts)), ["isa_length", "isa_component"]
    return Delimiters(separator, component, end, _repetition(parts)), ["isa_length"]


def _fixed(parts: list[str]) -> bool:
    lengths = (3, 2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1)
    return all(len(part) == length for part, length in zip(parts, lengths, strict=False))


def _before_group(text: str, separator: str) -> re.Match[str] | None:
    """Component separator and terminator as they stand before the first group: damage may have shifted the elements."""
    mark = re.escape(separator)
    return re.search(rf"([^{mark} \r\nA-Za-z0-9])([^{mark}A-Za-z0-9])[ \r\n]*(?:GS|TA1){mark}", text[:HEADER])


def _repetition(parts: list[str]) -> str:
    """ISA11 separates repetitions from 00501 on; before, it was the standards identifier U."""
    mark = parts[11]
    return mark if len(mark) == 1 and not mark.isalnum() and mark not in SPACE else ""


def _likely_end(text: str, separator: str) -> str:
    """The segment terminator when the header does not say: what stands most often before segments that every file has."""
    mark = re.escape(separator)
    ahead = rf"(?:([^A-Za-z0-9 \t\r\n{mark}])[ \t\r\n]*|(\n)[ \t\r\n]*)(?:GS|ST|BPR|BHT|TRN|TA1|N1|NM1|HL|REF|DTP|DTM|SE){mark}"
    found: Counter[str] = Counter(one or other for one, other in re.findall(ahead, text[3:4000]))
    if found:
        return found.most_common(1)[0][0]
    return "\n" if "\n" in text[:4000] else "~"


def _bare_delimiters(text: str) -> tuple[Delimiters, list[str]]:
    separator = text[2]
    component = ">" if text.count(">") > text.count(":") else ":"
    return Delimiters(separator, component, _likely_end(text, separator)), ["isa_missing"]
