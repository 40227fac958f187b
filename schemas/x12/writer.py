"""`write`: records to bytes, following the same descriptions that read them, and refusing what a payer would refuse."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from schemas.x12 import catalogue
from schemas.x12.cursor import of_segments
from schemas.x12.delimiters import Delimiters
from schemas.x12.diagnostics import Diagnostic, X12WriteError
from schemas.x12.emission import emission
from schemas.x12.emitter import Emitter
from schemas.x12.envelope_check import group_findings, interchange_findings
from schemas.x12.envelopes import ack_texts, group_texts, interchange_texts
from schemas.x12.grammar import Grammar
from schemas.x12.identifiers import npi_findings, sends
from schemas.x12.machine import Machine
from schemas.x12.records.base import Composed, TransactionSet, kind_of
from schemas.x12.records.envelope import Group, Interchange

if TYPE_CHECKING:
    from schemas.x12.companion import Guide

USUAL = Delimiters()
STRICT_SNIP = (1, 2, 4, 5, 6)
WITHOUT_ST03 = frozenset({"835"})
Segments = tuple[list[str], list[Diagnostic]]


def write(
    interchange: Interchange,
    delimiters: Delimiters | None = None,
    *,
    unchecked: bool = False,
    companions: Sequence[Guide] = (),
) -> bytes:
    """The interchange as bytes (UTF-8). Counts, HL ids, empty ST02 and empty GS fields are filled in here.

    Raises `X12WriteError` with the findings when a transaction would not balance, lacks what the guide requires, or holds a
    delimiter inside of an element, or breaks a rule of severity error of a payer's companion guide. `unchecked` writes it all
    the same: what was checked before, and for payers that are to misbehave.
    """
    chosen = delimiters or USUAL
    isa = interchange_texts(interchange, chosen)
    findings = list(interchange_findings(interchange, isa))
    lines = [_envelope_line(isa, chosen, findings, skip=(11, 16))]
    lines += [_envelope_line(ack_texts(ack), chosen, findings) for ack in interchange.acks]
    for number, group in enumerate(interchange.groups, 1):
        lines += _group(group, number, interchange, chosen, findings, _unjudged if unchecked else write_set)
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


def compose(transaction: TransactionSet, delimiters: Delimiters = USUAL) -> Composed:
    """The set as segments; `diagnostics` say what in the records cannot be written, nothing else is judged yet."""
    if isinstance(transaction, Composed):
        return transaction
    made = _emitted(transaction, delimiters)
    return Composed(type(transaction), made.lines, control_number=transaction.control_number, diagnostics=made.findings)


def write_set(transaction: TransactionSet, delimiters: Delimiters = USUAL) -> Segments:
    """The segments of one set without ST and SE, and the findings that would make `write` refuse it."""
    kind = kind_of(transaction)
    grammar = catalogue.for_version(kind.VERSION, kind.SET_ID)
    root = grammar.description.record()
    if isinstance(transaction, Composed):
        strict = _strict(transaction.segments, grammar, delimiters, root)
        return transaction.segments, [*transaction.diagnostics, *strict]
    emitter = _emitted(transaction, delimiters)
    emitter.findings += _strict(emitter.lines, grammar, delimiters, root)
    if grammar.description.finish is not None and not emitter.findings:
        emitter.compare(transaction, root)
    return emitter.lines, emitter.findings


def _unjudged(transaction: TransactionSet, delimiters: Delimiters) -> Segments:
    return compose(transaction, delimiters).segments, []


def _emitted(transaction: TransactionSet, delimiters: Delimiters) -> Emitter:
    emitter = Emitter(delimiters)
    emission(catalogue.for_version(transaction.VERSION, transaction.SET_ID), delimiters)(transaction, emitter, 0)
    return emitter


def _strict(lines: list[str], grammar: Grammar, delimiters: Delimiters, root: TransactionSet) -> list[Diagnostic]:
    found = check(lines, grammar, delimiters, root)
    if sends(grammar.description.set_id, lines, delimiters):
        found += npi_findings(lines, grammar, delimiters)
    return found


def check(lines: list[str], grammar: Grammar, delimiters: Delimiters, root: TransactionSet) -> list[Diagnostic]:
    """Reads what was written into `root`, strictly: errors, and whatever departs from the guide's syntax."""
    plain = replace(delimiters, line_end="") if delimiters.line_end else delimiters
    machine = Machine(grammar, plain, root, 1, False)
    machine.tap = counted
    description = grammar.description
    sums = machine.sums
    found: list[Diagnostic] = []
    end = delimiters.element.join(("SE", ""))  # the quick pass looks at what stands behind the last claim
    for unit in machine.run(of_segments([*lines, end], delimiters.segment)):
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


def counted(*_: Any) -> None:
    """What is done with a claim that passes quickly: there is nothing to say of it."""


def _group(
    group: Group,
    number: int,
    interchange: Interchange,
    delimiters: Delimiters,
    findings: list[Diagnostic],
    made: Callable[[TransactionSet, Delimiters], Segments],
) -> list[str]:
    first = kind_of(group.transactions[0]) if group.transactions else None
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
        body, found = made(transaction, delimiters)
        findings += found
        kind = kind_of(transaction)
        st = ["ST", kind.SET_ID, control]
        if kind.SET_ID not in WITHOUT_ST03:
            st.append(kind.VERSION)
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
