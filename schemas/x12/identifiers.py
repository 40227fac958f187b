"""National Provider Identifiers of the sets that we send: a wrong check digit is refused before a payer rejects it (277CA A7
562). Nothing that comes in is ever judged by it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from schemas.codes.npi import valid_npi
from schemas.x12.compile import QUALIFIER
from schemas.x12.delimiters import Delimiters
from schemas.x12.diagnostics import Diagnostic
from schemas.x12.grammar import Grammar

ASKING = frozenset({"837", "270", "276"})
REQUEST = "13"
TEXT = "NM109 is no NPI: its check digit is wrong (45 CFR 162.406); give the provider's own number, or send no XX"


def sends(set_id: str, lines: Sequence[str], delimiters: Delimiters) -> bool:
    """Whether a set goes to a payer, so that its providers are ours; a 278 does where BHT02 is a request."""
    return set_id in ASKING or (
        set_id == "278" and lines[:1] != [] and REQUEST in lines[0].split(delimiters.element)[2:3]
    )


def npi_findings(lines: Sequence[str], grammar: Grammar, delimiters: Delimiters) -> Iterator[Diagnostic]:
    """The NM1 of a set under XX whose number cannot be an NPI."""
    element = delimiters.element
    mark = f"{element}XX{element}"
    for place, line in enumerate(lines, 1):
        if mark not in line or not line.startswith("NM1"):
            continue
        texts = line.split(element)
        if texts[8] == "XX" and not valid_npi(texts[9]):
            loop = _loop(lines[:place], grammar, element)
            yield Diagnostic("npi_check_digit", "error", 5, place + 1, TEXT, loop, "NM109", "transaction")


def _loop(lines: Sequence[str], grammar: Grammar, element: str) -> str:
    """The loop in which the last of these segments stands."""
    node, above = grammar.root, [grammar.root]
    for line in lines:
        texts = line.split(element)
        tag, place = texts[0], QUALIFIER.get(texts[0], 1)
        step = node.table.get(f"{tag}*{texts[place]}" if place < len(texts) else tag) or node.table.get(tag)
        if step is None:
            continue
        for _ in range(step.pops):
            node = above.pop()
        if step.node is not None:
            above.append(node)
            node = step.node
    return node.loop.id
