"""`write`: records to bytes, following the same descriptions that read them, and refusing what a payer would refuse."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from schemas.x12 import catalogue
from schemas.x12.binary import TAGS as BINARY
from schemas.x12.compile import QUALIFIER
from schemas.x12.cursor import of_segments
from schemas.x12.delimiters import Delimiters
from schemas.x12.description import Loop, Seg, SetDescription
from schemas.x12.diagnostics import Diagnostic, X12WriteError
from schemas.x12.elements import Unwritable
from schemas.x12.envelope_check import group_findings, interchange_findings
from schemas.x12.envelopes import ack_texts, group_texts, interchange_texts
from schemas.x12.finding_codes import Code
from schemas.x12.grammar import Grammar
from schemas.x12.loss import lost, unwritten
from schemas.x12.machine import Machine
from schemas.x12.records.base import TransactionSet
from schemas.x12.records.envelope import Group, Interchange
from schemas.x12.records.parts import Party
from schemas.x12.shapes import Fields, Shape

if TYPE_CHECKING:
    from schemas.x12.companion import Guide

COMPOSITES = frozenset({"HI", "STC", "PLB", "IK4", "CTX", "TOO", "SV1", "SV2", "SV3", "CTP"})
NAMES = frozenset({"NM1", "N1"})
STRICT_SNIP = (1, 2, 4, 5, 6)
ODD = "\x00"
WITHOUT_ST03 = frozenset({"835"})


def write(
    interchange: Interchange,
    delimiters: Delimiters | None = None,
    *,
    unchecked: bool = False,
    companions: Sequence[Guide] = (),
) -> bytes:
    """The interchange as bytes (UTF-8). Counts, HL ids, empty ST02 and empty GS fields are filled in here.

    Raises `X12WriteError` with the findings when a transaction would not balance, lacks what the guide requires, or holds a
    delimiter inside of an element, or breaks a rule of severity error of a payer's companion guide. `unchecked` writes it all the same: for tests and for payers that are to misbehave.
    """
    chosen = delimiters or Delimiters()
    isa = interchange_texts(interchange, chosen)
    findings = list(interchange_findings(interchange, isa))
    lines = [_envelope_line(isa, chosen, findings, skip=(11, 16))]
    lines += [_envelope_line(ack_texts(ack), chosen, findings) for ack in interchange.acks]
    for number, group in enumerate(interchange.groups, 1):
        lines += _group(group, number, interchange, chosen, findings)
    lines.append(chosen.element.join(["IEA", str(len(interchange.groups)), isa[13]]))
    end = chosen.segment + chosen.line_end
    data = _encoded(end.join(lines) + end, findings)
    if companions:
        findings += _companion_findings(data, companions)
    if findings and not unchecked:
        raise X12WriteError(findings)
    return data


def _companion_findings(data: bytes, companions: Sequence[Guide]) -> list[Diagnostic]:
    from schemas.x12.companion_check import examine

    return [finding for guide in companions for finding in examine(data, guide) if finding.severity == "error"]


def write_set(transaction: TransactionSet, delimiters: Delimiters | None = None) -> tuple[list[str], list[Diagnostic]]:
    """The segments of one set without ST and SE, and the findings that would make `write` refuse it."""
    chosen = delimiters or Delimiters()
    grammar = catalogue.for_version(transaction.VERSION, transaction.SET_ID)
    emitter = Emitter(chosen, flat=grammar.description.finish is not None)
    emitter.body(grammar.description.body, transaction)
    emitter.whole(grammar.description, transaction)
    root = grammar.description.record()
    emitter.findings += check(emitter.lines, grammar, chosen, root)
    if emitter.flat and not emitter.findings:
        emitter.compare(transaction, root)
    return emitter.lines, emitter.findings


def check(lines: list[str], grammar: Grammar, delimiters: Delimiters, root: TransactionSet) -> list[Diagnostic]:
    """Reads what was written into `root`, strictly: errors, and whatever departs from the guide's syntax."""
    machine = Machine(grammar, delimiters, root, 1, False)
    description = grammar.description
    sums = machine.sums
    found: list[Diagnostic] = []
    for unit in machine.run(of_segments(lines, delimiters.segment)):
        if description.tally is not None and not unit.pending:
            description.tally(sums, unit)
        found += unit.diagnostics
    found += root.diagnostics
    if description.total is not None:
        found += description.total(root, sums)
    if description.finish is not None:
        description.finish(root)
    if description.whole is not None:
        found += description.whole(root)
    return [
        item for item in found if item.severity == "error" or (item.severity == "warning" and item.snip in STRICT_SNIP)
    ]


def _group(
    group: Group, number: int, interchange: Interchange, delimiters: Delimiters, findings: list[Diagnostic]
) -> list[str]:
    first = group.transactions[0] if group.transactions else None
    whole = Group(
        group.control_number or str(number),
        [],
        group.functional_id or (first.FUNCTIONAL_ID if first else ""),
        group.sender or interchange.sender,
        group.receiver or interchange.receiver,
        group.date or interchange.date,
        group.time or interchange.time,
        group.agency,
        group.version or (first.VERSION if first else ""),
    )
    separator, gs = delimiters.element, group_texts(whole)
    controls = [item.control_number or f"{index:04d}" for index, item in enumerate(group.transactions, 1)]
    findings += group_findings(group, gs, controls)
    lines = [_envelope_line(gs, delimiters, findings)]
    for control, transaction in zip(controls, group.transactions, strict=True):
        body, found = write_set(transaction, delimiters)
        findings += found
        st = ["ST", transaction.SET_ID, control]
        if transaction.SET_ID not in WITHOUT_ST03:
            st.append(transaction.VERSION)
        lines += [_envelope_line(st, delimiters, findings), *body, separator.join(["SE", str(len(body) + 2), control])]
    lines.append(separator.join(["GE", str(len(group.transactions)), whole.control_number]))
    return lines


def _encoded(text: str, findings: list[Diagnostic]) -> bytes:
    """UTF-8, a document's bytes as they are. Half a character, as broken UTF-16 has it, cannot be sent."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        message = "an element holds half of a character; ask whoever gave it for the whole text"
        findings.append(Diagnostic("delimiter_in_data", "error", 1, 0, message, "", "", "interchange"))
        return text.encode("utf-8", "replace")


def _envelope_line(
    texts: list[str], delimiters: Delimiters, findings: list[Diagnostic], skip: tuple[int, ...] = ()
) -> str:
    """A segment of the envelope; what stands in an element may not end it. `skip` are those that hold delimiters."""
    marks = (delimiters.element, delimiters.segment, delimiters.component, delimiters.repetition)
    plain = [text for place, text in enumerate(texts) if place not in skip]
    if any(mark and mark in text for text in plain for mark in marks) or not "".join(plain).isprintable():
        text = f"an element of {texts[0]} holds a delimiter or a control character; take it out"
        place = Diagnostic("delimiter_in_data", "error", 1, 1, text, "envelope", texts[0], "interchange")
        findings.append(place)
    return delimiters.element.join(texts)


class Emitter:
    """Turns records into segment texts, loop by loop. `flat` records are subjects of which the levels are made: what is lost
    of them is told by `compare`."""

    def __init__(self, delimiters: Delimiters, flat: bool = False) -> None:
        self.flat = flat
        self.delimiters = delimiters
        self.lines: list[str] = []
        self.findings: list[Diagnostic] = []
        self._levels = 0

    def body(self, body: tuple[Seg | Loop, ...], record: Any, above: int = 0) -> None:
        """Every segment and loop of `body` for which `record` holds something, in the guide's order."""
        written: dict[str, int] = {}
        for part, rule, is_loop, collect, shared in _plan(body).of(record):
            values = collect(record)
            if shared:
                values = [value for value in values if _code(rule, value) in rule.codes]
                written[shared] = written.get(shared, 0) + len(values)
            for value in values:
                if is_loop:
                    self.loop(part, value, above)
                else:
                    self.segment(rule.shape, value)
                    if rule.tag in NAMES and type(value) is Party:
                        self.whole(rule, value)
        for attribute, count in written.items():
            if count != len(getattr(record, attribute)):
                self._lost(attribute)

    def loop(self, loop: Loop, record: Any, above: int) -> None:
        """The segment that opens the loop, then its body."""
        if loop.level:
            self._levels += 1
            number = self._levels
            below = any(isinstance(part, Loop) and part.level and part.place.collect(record) for part in loop.body)
            texts = ["HL", str(number), str(above) if above else "", loop.level]
            texts += [] if loop.leaf else ["1" if below else "0"]
            self.lines.append(self.delimiters.element.join(texts))
            above = number
        else:
            for value in loop.header.place.collect(record):
                self.segment(loop.header.shape, value)
        self.body(loop.body, record, above)
        self.whole(loop, getattr(record, "record", record) if loop.level else record)

    def whole(self, rule: Seg | Loop | SetDescription, record: Any) -> None:
        """Refuses a record that holds what none of its segments writes."""
        for name in () if self.flat else unwritten(rule, record):
            text = f"{name} has no segment here and would be lost; take it out, or put it where the guide has a place"
            loop = rule.id if isinstance(rule, Loop) else ""
            self._refuse("not_written", text, loop, name)

    def compare(self, sent: Any, read: Any) -> None:
        """Refuses subjects that do not come back: a part whose parent is missing has no level to stand in."""
        for path in lost(sent, read):
            text = f"{path} would be lost: the guide has no segment for it, or a party of a level above it is absent"
            self._refuse("not_written", text, "", path)

    def _refuse(self, code: Code, text: str, loop: str, element: str) -> None:
        place = len(self.lines) + 2
        self.findings.append(Diagnostic(code, "error", 2, place, text, loop, element, "transaction"))

    def segment(self, shape: Shape, value: Any) -> None:
        """One segment; elements that are empty at the end are left out."""
        delimiters = self.delimiters
        try:
            texts = shape.write(value, delimiters)
        except Unwritable:
            self._forbidden(shape)
            texts = self._as_it_is(shape, value)
        if shape.tag in BINARY:
            self.lines.append(delimiters.element.join((shape.tag, *texts)))
            return
        whole = delimiters.element.join((shape.tag, *texts))
        line = whole.rstrip(delimiters.element)
        if (
            whole.count(delimiters.element) > len(texts)
            or delimiters.segment in line
            or not line.isprintable()
            and self._unprintable(line)
        ):
            self._forbidden(shape)
        elif delimiters.component in line or delimiters.repetition in line:
            self._guard(shape, texts)
        self.lines.append(line)

    def _unprintable(self, line: str) -> bool:
        marks = (self.delimiters.element, self.delimiters.component, self.delimiters.repetition)
        return not "".join(letter for letter in line if letter not in marks).isprintable()

    def _as_it_is(self, shape: Shape, value: Any) -> list[str]:
        """What an unchecked write sends all the same; the segment's tag alone where nothing can be made of it."""
        try:
            texts = shape.write(value, replace(self.delimiters, component=ODD, repetition=ODD))
        except Unwritable:
            return []
        return [text.replace(ODD, self.delimiters.component) for text in texts]

    def _guard(self, shape: Shape, texts: list[str]) -> None:
        component, repetition = self.delimiters.component, self.delimiters.repetition
        if isinstance(shape, Fields):
            plain = "".join([texts[index - 1] for index in shape.plain])
            single = "".join([texts[index - 1] for index in shape.single])
        else:
            single = "".join(texts)
            plain = "" if shape.tag in COMPOSITES else single
        if component in plain or repetition in single:
            self._forbidden(shape)

    def _forbidden(self, shape: Shape) -> None:
        what = f"{shape.tag} holds a delimiter, a control character or more than it has places for"
        text = f"{what}; take it out or choose other delimiters"
        place = len(self.lines) + 2
        self.findings.append(Diagnostic("delimiter_in_data", "error", 1, place, text, "", shape.tag, "transaction"))

    def _lost(self, attribute: str) -> None:
        text = f"{attribute} holds an entry whose qualifier has no place in this loop; remove or requalify it"
        self._refuse("unexpected_qualifier", text, "", attribute)


# A part of a body, its segment, whether it is a loop, how its values are taken, and the attribute it shares with others
Planned = tuple[Any, Seg, bool, Callable[[Any], list[Any]], str]


class Plan:
    """A body with what writing needs at hand; attributes that several lines share are told apart by qualifier."""

    def __init__(self, body: tuple[Seg | Loop, ...]) -> None:
        names = [part.place.attribute for part in body if part.place.attribute]
        self._parts: list[tuple[str, Planned]] = []
        for part in body:
            rule = part.header if isinstance(part, Loop) else part
            place = part.place
            shared = place.attribute if names.count(place.attribute) > 1 else ""
            self._parts.append((place.watch, (part, rule, isinstance(part, Loop), place.collect, shared)))
        self._watched = sorted({watch for watch, _ in self._parts if watch})
        self._known: dict[tuple[str, ...], list[Planned]] = {}

    def of(self, record: Any) -> list[Planned]:
        """The parts for which the record may hold something; equally filled records have the same."""
        empty = tuple([name for name in self._watched if not getattr(record, name)])
        found = self._known.get(empty)
        if found is None:
            found = [planned for watch, planned in self._parts if watch not in empty]
            if len(self._known) < MANY:
                self._known[empty] = found
        return found


MANY = 256
_PLANS: dict[int, Plan] = {}


def _plan(body: tuple[Seg | Loop, ...]) -> Plan:
    found = _PLANS.get(id(body))
    if found is None:
        found = _PLANS[id(body)] = Plan(body)
    return found


def _code(rule: Seg, value: Any) -> str:
    for name in ("qualifier", "entity", "sequence"):
        found = getattr(value, name, None)
        if found is not None:
            return str(found)
    return str(value[QUALIFIER.get(rule.tag, 1) - 1])
