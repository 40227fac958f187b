"""What the clearinghouse's lanes carry: amounts of claims and packets, read from the text of each item."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from schemas.x12.values import CENTS
from services.cli.books import Books
from services.cli.reconcile.x12_records import SERVICE


@dataclass(frozen=True, slots=True)
class Bill:
    """One version of a claim, on its way or gone."""

    claim_id: str
    version: int
    charge: int
    """ΣCLM02 in cents: of a claim's text there is one; a text without or with two is a finding, by its sum."""
    lines: int
    """ΣSV102 in cents."""


@dataclass(frozen=True, slots=True)
class Packet:
    """One appeal packet."""

    appeal_id: str
    claim_id: str
    denied: int
    """Cents."""


def carried(books: Books) -> Iterator[Bill | Packet]:
    """Every claim and every packet of every lane; raises Undecryptable for a damaged item."""
    for _, lane in books.all_documents(SERVICE):
        items: tuple[Any, ...] = getattr(lane, "items", ())
        for item in items:
            if item.kind == "837":
                yield _bill(item.ref, item.phi)
            elif item.kind == "appeal":
                packet = json.loads(item.phi)["data"]
                yield Packet(packet["appeal_id"], packet["claim_id"], packet["denied"])


def _bill(ref: str, text: str) -> Bill:
    segments = [segment.split("*") for segment in text.split("~")]
    charge = sum(CENTS[elements[2]] for elements in segments if elements[0] == "CLM")
    lines = sum(CENTS[elements[2]] for elements in segments if elements[0] == "SV1")
    claim_id, _, version = ref.rpartition(".")
    return Bill(claim_id, int(version), charge, lines)
