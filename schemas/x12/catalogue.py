"""Which description reads which ST01 and implementation version."""

from __future__ import annotations

from functools import cache, lru_cache
from importlib import import_module

from schemas.x12.description import SetDescription
from schemas.x12.grammar import Grammar

# ST01, marks of the version (a guide's number with or without its errata), where the description lives
TABLE: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("835", ("X221", "X091"), "remittance:REMITTANCE"),
    ("837", ("X222", "X098"), "professional:PROFESSIONAL"),
    ("837", ("X223", "X096"), "institutional:INSTITUTIONAL"),
    ("837", ("X224", "X097"), "dental:DENTAL"),
    ("999", ("X231",), "implementation_ack:IMPLEMENTATION_ACK"),
    ("277", ("X212", "X093"), "status_response:STATUS_RESPONSE"),
    ("277", ("X214",), "claim_ack:CLAIM_ACK"),
    ("277", ("X228",), "pending:PENDING"),
    ("277", ("X313",), "information_request:INFORMATION_REQUEST"),
    ("277", ("X213",), "information_request:INFORMATION_REQUEST_5010"),
    ("275", ("X314",), "attachment:ATTACHMENT"),
    ("275", ("X210",), "attachment:ATTACHMENT_5010"),
    ("276", ("X212", "X093"), "status_request:STATUS_REQUEST"),
    ("270", ("X279", "X092"), "inquiry:INQUIRY"),
    ("271", ("X279", "X092"), "response:RESPONSE"),
    ("278", ("X217",), "review:REVIEW"),
    ("278", ("X094", "X059"), "review_4010:REVIEW_4010"),
)


@cache
def grammar(where: str) -> Grammar:
    """The compiled description at `module:NAME` under `schemas.x12.sets`; loaded when first used."""
    module, name = where.split(":")
    description: SetDescription = getattr(import_module(f"schemas.x12.sets.{module}"), name)
    return Grammar(description)


@lru_cache(maxsize=256)
def find(set_id: str, version: str) -> Grammar | None:
    """The grammar for ST01 and version; a version nobody knows gets the first of its set, an unknown set none."""
    candidates = [(marks, where) for st01, marks, where in TABLE if st01 == set_id]
    for marks, where in candidates:
        if any(mark in version for mark in marks):
            return grammar(where)
    return grammar(candidates[0][1]) if candidates else None


def for_version(version: str, set_id: str) -> Grammar:
    """The grammar that writes records of this class; raises KeyError when there is none."""
    found = find(set_id, version)
    if found is None:
        raise KeyError(f"no description writes set {set_id}")
    return found
