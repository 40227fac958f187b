"""`read`: interchanges, groups and transaction sets of a file, typed, with everything that was found wrong on the way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, BinaryIO, Literal

from schemas.x12 import catalogue
from schemas.x12.cursor import Cursor
from schemas.x12.delimiters import Delimiters
from schemas.x12.diagnostics import Diagnostic, Severity
from schemas.x12.envelope_notes import NOTES
from schemas.x12.envelopes import read_ack, read_group, read_interchange
from schemas.x12.finding_codes import Code
from schemas.x12.machine import Machine
from schemas.x12.passing import Tap
from schemas.x12.pieces import CLAIMS, clean
from schemas.x12.records.base import TransactionSet
from schemas.x12.records.envelope import Group, Interchange
from schemas.x12.records.other import UnknownSet
from schemas.x12.source import Section, Source

NUMBER = re.compile("[0-9]{1,6}")


def read(data: bytes | bytearray | memoryview | BinaryIO, *, file: str = "", stream: bool = False) -> Reading:
    """Reads X12 from bytes or from a binary file.

    Nothing is raised for what the data hold: see `.diagnostics` of the reading, of its transactions and of their claims.
    Without `stream` everything stays in memory and may be visited again. With `stream` nothing is kept: `transactions()` can
    be run once, a transaction's `claims` (835, 837) is a once-only iterator, and what stands behind the claims (PLB, totals,
    `content_hash`, the diagnostics about them) is complete when it is used up.
    """
    return Reading(data, file, stream)


class Reading:
    """What a file holds. `segments` counts the segments seen so far; `size` the bytes; `encoding` names the characters;
    `delimiters` are those of the interchange being read. Where there is a `tap`, claims that pass
    quickly are not handed out: it is told what is known of them and the facts that were looked at (`description.Quick`)."""

    def __init__(self, data: bytes | bytearray | memoryview | BinaryIO, file: str, stream: bool) -> None:
        self.file = file
        self.stream = stream
        self.diagnostics: list[Diagnostic] = []
        self.segments = 0
        self.claims_read = 0
        self.claims_set_aside = 0
        self.tap: Tap | None = None
        self._source = Source(data, keep=not stream)
        self._interchanges: list[Interchange] = []
        self._loaded: list[TransactionSet] | None = None
        self._iterator: Iterator[TransactionSet] | None = None
        self._interchange: Interchange | None = None
        self._group: Group | None = None
        self._sets = 0
        self._groups = 0
        self._found = False
        self._stray_end = 0
        self.delimiters = Delimiters()

    @property
    def encoding(self) -> str:
        """ascii, utf-8, utf-8-bom, utf-16 or latin-1."""
        return self._source.label

    @property
    def size(self) -> int:
        """Bytes read so far."""
        return self._source.size

    @property
    def is_x12(self) -> bool:
        """False when neither an interchange nor a transaction set was found; meaningful once everything is read."""
        return self._found

    @property
    def interchanges(self) -> list[Interchange]:
        """The interchanges with their groups and (unless streaming) transactions; a bare ST stands in an empty one."""
        if not self.stream:
            self._load()
        return self._interchanges

    def transactions(self) -> Iterator[TransactionSet]:
        """Every transaction set in order, typed by ST01 and version; sets of other kinds come as `UnknownSet`."""
        return self._transactions() if self.stream else iter(self._load())

    def reemit(self) -> bytes:
        """The bytes as they came. Raises RuntimeError when streaming, since nothing was kept."""
        if self.stream:
            raise RuntimeError("reemit needs the segments: read without stream=True")
        self._load()
        return self._source.reemit()

    def _load(self) -> list[TransactionSet]:
        if self._loaded is None:
            self._loaded = list(self._transactions())
        return self._loaded

    def _transactions(self) -> Iterator[TransactionSet]:
        for section in self._source.sections():
            if not section.readable:
                self._unreadable(section)
                continue
            for note in section.notes:
                self._tell(note)
            if section.before.strip("\xef\xbb\xbf \t\r\n\x1a\x00\ufeff"):
                self._tell("before")
            yield from self._section(section)
        if not self._found and not any(finding.code == "not_x12" for finding in self.diagnostics):
            self._tell("not_x12")

    def _unreadable(self, section: Section) -> None:
        if self._found:
            self._tell("behind")
        else:
            self._tell("not_x12")

    def _section(self, section: Section) -> Iterator[TransactionSet]:
        self._interchange = self._group = None
        self._groups = self._sets = 0
        delimiters = self.delimiters = section.delimiters
        tokens = section.segments
        pending: str | None = None
        while True:
            token, pending = (pending, None) if pending is not None else (next(tokens, None), None)
            if token is None:
                break
            texts = clean(token).split(delimiters.element)
            if texts == [""]:
                continue
            self.segments += 1
            if texts[0] == "ST":
                self._found = True
                ending: list[str | None] = []
                yield from self._set(texts, delimiters, tokens, ending)
                pending = ending[0]
            else:
                self._envelope(texts, delimiters)
        self._close_group(None)
        if self._interchange is not None and not section.bare:
            empty = not any(group.position for group in self._interchange.groups)
            text = "the IEA is absent; the file may be cut off, ask the sender to send it again"
            self._say("interchange_truncated", "error" if empty else "warning", 1, text, "IEA", "file" if empty else "")

    def _set(
        self, texts: list[str], delimiters: Delimiters, tokens: Cursor, ending: list[str | None]
    ) -> Iterator[TransactionSet]:
        """One ST: yields its record; `ending` receives the envelope segment that stopped it, unless that was its SE."""
        st01, st02, st03 = (*texts[1:4], "", "", "")[:3]
        version = st03 or (self._group.version if self._group else "")
        grammar = catalogue.find(st01, version)
        if self._group is None:
            self._stray_group()
        self._sets += 1
        start = self.segments
        if grammar is None:
            transaction: TransactionSet = UnknownSet(st01)
            machine = None
        else:
            transaction = grammar.description.record()
            machine = Machine(grammar, delimiters, transaction, start, not self.stream, self.file)
            machine.tap = self.tap
        transaction.position, transaction.control_number, transaction.version = start, st02, version
        transaction.group, transaction.interchange = self._group, self._interchange
        if self._group is not None and not self.stream:
            self._group.transactions.append(transaction)
        if machine is None:
            self._note(
                transaction,
                "set_not_supported",
                "info",
                f"set {st01[:3]} is kept but not read; handle it by hand",
                "ST01",
            )
            stopped = self._skip(transaction, delimiters, tokens)
            self._trailer(transaction, stopped, delimiters, start, ending)
            yield transaction
            return
        self._version(transaction, machine.grammar.description.versions)
        units = self._units(transaction, machine, tokens, delimiters, ending)
        if machine.grammar.description.units:
            setattr(transaction, machine.grammar.description.units, units if self.stream else list(units))
        else:
            list(units)
        yield transaction
        for _ in units:
            pass

    def _units(
        self,
        transaction: TransactionSet,
        machine: Machine,
        tokens: Cursor,
        delimiters: Delimiters,
        ending: list[str | None],
    ) -> Iterator[Any]:
        description = machine.grammar.description
        sums, tally = machine.sums, description.tally
        for unit in machine.run(tokens):
            self.claims_read += 1
            if tally is not None and not unit.pending:
                tally(sums, unit)
            yield unit
        self.claims_read += machine.tapped
        self.claims_set_aside += machine.set_aside
        self._lost(machine.lost)
        self.segments = machine.position - 1
        if description.total is not None:
            transaction.diagnostics += self._placed(description.total(transaction, sums))
        if description.finish is not None:
            description.finish(transaction)
        if description.whole is not None:
            transaction.diagnostics += self._placed(description.whole(transaction))
        self._trailer(transaction, machine.stopped, delimiters, transaction.position, ending)

    def _placed(self, findings: list[Diagnostic]) -> list[Diagnostic]:
        return [replace(finding, file=self.file) for finding in findings] if self.file else findings

    def _skip(self, transaction: TransactionSet, delimiters: Delimiters, tokens: Cursor) -> str | None:
        for token in tokens:
            text = clean(token)
            tag = text.split(delimiters.element, 1)[0]
            if tag in ("ST", "SE", "GE", "GS", "IEA", "ISA"):
                return token
            transaction.raw.append(token)
            self.segments += bool(text)
            if tag in CLAIMS:
                self._lost(1)
                text = (
                    f"{tag} opens a claim in a set that is not read; set aside, ask the sender which set this should be"
                )
                self._note(transaction, "misplaced_segment", "error", text, tag, "claim")
        return None

    def _lost(self, count: int) -> None:
        """Claims that are there and cannot be read as such."""
        self.claims_read += count
        self.claims_set_aside += count

    def _trailer(
        self,
        transaction: TransactionSet,
        stopped: str | None,
        delimiters: Delimiters,
        start: int,
        ending: list[str | None],
    ) -> None:
        texts = clean(stopped).split(delimiters.element) if stopped is not None else [""]
        if texts[0] != "SE":
            ending.append(stopped)
            text = "the SE is absent; the transaction may be cut off, ask the sender to send it again"
            self._note(transaction, "transaction_truncated", "error", text, "SE", "transaction")
            return
        ending.append(None)
        self.segments += 1
        counted = self.segments - start + 1
        count, control = (*texts[1:3], "", "")[:2]
        if not (count.isdecimal() and len(count) < 11 and int(count) == counted):
            text = f"SE01 says {_number(count)} segments where {counted} stand; segments may be lost, compare with the sender"
            self._note(transaction, "segment_count", "warning", text, "SE01")
        if control != transaction.control_number:
            text = "SE02 is not the control number of ST02; it is read all the same, look whether segments were lost"
            self._note(transaction, "set_control_number", "warning", text, "SE02")

    def _version(self, transaction: TransactionSet, versions: tuple[str, ...]) -> None:
        said, group = transaction.version, transaction.group
        if group is not None and group.version and group.version != said:
            text = f"GS08 and ST03 name different versions; read as {transaction.VERSION} after ST03, ask the sender which holds"
            self._note(transaction, "version_differs", "warning", text, "GS08")
        if said == transaction.VERSION:
            return
        if not said:
            text = f"neither ST03 nor GS08 names a version; read as {transaction.VERSION}, ask the sender to name it"
        elif said in versions or said[:6] == transaction.VERSION[:6]:
            text = f"another version than {transaction.VERSION}; read by that, ask the sender for that version"
        else:
            text = f"unknown version; read as {transaction.VERSION}, check what the sender means"
        self._note(transaction, "other_version", "warning", text, "GS08")

    def _envelope(self, texts: list[str], delimiters: Delimiters) -> None:
        tag = texts[0]
        if tag == "ISA":
            self._found = True
            self._interchange = read_interchange(texts, self.segments, delimiters)
            self._interchanges.append(self._interchange)
        elif tag == "TA1" and self._interchange is not None:
            self._interchange.acks.append(read_ack(texts, self.segments))
        elif tag == "GS":
            self._found = True
            self._close_group(None)
            self._open_group(read_group(texts, self.segments))
        elif tag == "GE":
            self._close_group(texts)
        elif tag == "IEA":
            self._close_group(None)
            self._close_interchange(texts)
        elif tag == "SE":
            self._tell("stray_se")
        else:
            self._stray(tag)

    def _stray(self, tag: str) -> None:
        """A segment between sets: a run of them is told once, a claim always."""
        if tag in CLAIMS:
            self._lost(1)
            text = f"{tag} opens a claim outside of a transaction set; set aside, ask the sender to send it again"
            self._say("stray_segment", "error", 1, text, tag, "claim")
        elif self._stray_end != self.segments - 1:
            name = tag if tag.isalnum() and len(tag) <= 3 else "???"
            text = f"segments from {name} on stand outside of a transaction set; they are not used, ask the sender what they belong to"
            self._say("stray_segment", "warning", 1, text, name)
        self._stray_end = self.segments

    def _open_group(self, group: Group) -> None:
        if self._interchange is None:
            self._interchange = Interchange("", "", "", position=self.segments)
            self._interchanges.append(self._interchange)
        self._group = group
        self._groups += 1
        self._sets = 0
        self._interchange.groups.append(group)

    def _stray_group(self) -> None:
        self._open_group(Group(position=self.segments))
        self._groups -= 1
        self._tell("group_missing")

    def _close_group(self, texts: list[str] | None) -> None:
        group, self._group = self._group, None
        if group is None:
            if texts is not None:
                self._tell("stray_ge")
            return
        if texts is None:
            if group.control_number:
                self._tell("group_truncated")
            return
        group.said = int(texts[1]) if len(texts) > 1 and NUMBER.fullmatch(texts[1]) else None
        self._count("GE", "ge_count", "ge_control_number", texts, self._sets, group.control_number)

    def _close_interchange(self, texts: list[str]) -> None:
        interchange, self._interchange = self._interchange, None
        if interchange is None:
            self._tell("stray_iea")
            return
        self._count("IEA", "iea_count", "iea_control_number", texts, self._groups, interchange.control_number)

    def _count(self, tag: str, miscount: Code, other: Code, texts: list[str], counted: int, control: str) -> None:
        said, number = (*texts[1:3], "", "")[:2]
        if not (said.isdecimal() and len(said) < 11 and int(said) == counted):
            text = f"{tag}01 says {_number(said)} where {counted} stand; something may be lost, compare with the sender"
            self._say(miscount, "warning", 1, text, f"{tag}01")
        if number != control:
            text = f"{tag}02 is not the control number of its header; look whether something between was lost"
            self._say(other, "warning", 1, text, f"{tag}02")

    def _tell(self, name: str) -> None:
        note = NOTES[name]
        place = self.segments + note.ahead
        found = Diagnostic(
            note.code, note.severity, 1, place, note.text, "envelope", note.element, note.unit, self.file
        )
        self.diagnostics.append(found)

    def _say(
        self,
        code: Code,
        severity: Severity,
        snip: int,
        text: str,
        element: str,
        unit: Literal["file", "claim", ""] = "",
    ) -> None:
        place = self.segments
        self.diagnostics.append(Diagnostic(code, severity, snip, place, text, "envelope", element, unit, self.file))

    def _note(
        self,
        transaction: TransactionSet,
        code: Code,
        severity: Severity,
        text: str,
        element: str,
        unit: Literal["transaction", "claim", ""] = "",
    ) -> None:
        finding = Diagnostic(code, severity, 1, self.segments, text, "ST", element, unit, self.file)
        transaction.diagnostics.append(finding)


def _number(text: str) -> str:
    """A count as it was written, where it is one; what else stands there is nobody's business."""
    return text if text.isdecimal() and len(text) < 11 else "no number of"
