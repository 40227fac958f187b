"""What is in a file, counted: sets, claims, money, adjustments, remarks, statuses, payments, and everything found wrong.

Claims that pass quickly are counted by the facts that the pass had to look at; of everything else equal segments are counted
together and looked at once. So counting costs little beside reading.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import asdict, dataclass, field
from typing import Any, BinaryIO

from schemas.x12 import catalogue
from schemas.x12.diagnostics import Diagnostic
from schemas.x12.pieces import Pieces
from schemas.x12.quick_facts import ADJUSTMENT, CLAIM, LINE, OTHER, Fact
from schemas.x12.reading import Reading, read
from schemas.x12.records.base import TransactionSet
from schemas.x12.records.remittance import Remittance835

FULL = 1 << 14
SERVICES = frozenset({"SVC", "SV1", "SV2", "SV3"})


@dataclass(slots=True)
class Sum:
    """How often and how much, in cents."""

    count: int = 0
    cents: int = 0


@dataclass(slots=True)
class Summary:
    """The counts of one file. Claims are 835 CLP and 837 CLM: `claims` are sound, `claims_set_aside` have an error."""

    file: str
    bytes: int = 0
    encoding: str = ""
    interchanges: int = 0
    transactions: Counter[str] = field(default_factory=Counter)
    versions: Counter[str] = field(default_factory=Counter)
    segments: int = 0
    claims: int = 0
    claims_set_aside: int = 0
    service_lines: int = 0
    charged: int = 0
    paid: int = 0
    claim_status: Counter[str] = field(default_factory=Counter)
    cas: dict[str, Sum] = field(default_factory=dict)
    rarc: Counter[str] = field(default_factory=Counter)
    plb: dict[str, Sum] = field(default_factory=dict)
    stc: Counter[str] = field(default_factory=Counter)
    eb: Counter[str] = field(default_factory=Counter)
    aaa: Counter[str] = field(default_factory=Counter)
    payments: list[dict[str, Any]] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    is_x12: bool = True

    def adjusted(self, group: str, reason: str, times: int, cents: int) -> None:
        """Adds so many adjustments under this group and CARC, of so many cents together."""
        total = self.cas.setdefault(f"{group}-{reason}", Sum())
        total.count += times
        total.cents += cents

    def as_json(self) -> dict[str, Any]:
        """The object that `overturn x12 inspect --json` prints."""
        return {
            "file": self.file,
            "bytes": self.bytes,
            "encoding": self.encoding,
            "interchanges": self.interchanges,
            "transactions": dict(sorted(self.transactions.items())),
            "versions": dict(sorted(self.versions.items())),
            "segments": self.segments,
            "claims": self.claims,
            "claims_set_aside": self.claims_set_aside,
            "service_lines": self.service_lines,
            "cents": {"charged": self.charged, "paid": self.paid},
            "claim_status": dict(sorted(self.claim_status.items())),
            "cas": {key: asdict(value) for key, value in sorted(self.cas.items())},
            "rarc": dict(sorted(self.rarc.items())),
            "plb": {key: asdict(value) for key, value in sorted(self.plb.items())},
            "stc": dict(sorted(self.stc.items())),
            "eb": dict(sorted(self.eb.items())),
            "aaa": dict(sorted(self.aaa.items())),
            "payments": self.payments,
            "diagnostics": [as_json(finding) for finding in self.diagnostics],
        }


def as_json(finding: Diagnostic) -> dict[str, Any]:
    """A finding as `--json` shows it."""
    names = ("code", "severity", "snip", "segment", "loop", "element", "message")
    return {name: getattr(finding, name) for name in names}


def summarise(data: bytes | BinaryIO, file: str = "") -> Summary:
    """Reads the whole file once, in a stream, and counts what is in it."""
    reading = read(data, file=file, stream=True)
    summary = Summary(file)
    counting = Counting(summary)
    reading.tap = counting.passed
    for transaction in reading.transactions():
        _transaction(summary, transaction, reading, counting)
    counting.flush()
    summary.bytes, summary.encoding, summary.segments = reading.size, reading.encoding, reading.segments
    summary.interchanges = sum(1 for interchange in reading.interchanges if interchange.control_number)
    summary.claims = reading.claims_read - reading.claims_set_aside
    summary.claims_set_aside = reading.claims_set_aside
    summary.diagnostics = [*reading.diagnostics, *summary.diagnostics]
    summary.diagnostics.sort(key=lambda finding: finding.segment)
    summary.is_x12 = reading.is_x12
    return summary


class Counting:
    """What waits to be looked at: segment texts, all of one kind of set and one choice of delimiters, and sums by group and
    reason of the adjustments that were looked at already."""

    def __init__(self, summary: Summary) -> None:
        self.summary = summary
        self.segments: list[str] = []
        self.pieces: Pieces | None = None
        self.adjusted: defaultdict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])

    def passed(self, facts: list[Fact]) -> None:
        """Counts claims that passed quickly."""
        summary, adjusted = self.summary, self.adjusted
        for kind, cents, paid, more in facts:
            if kind == ADJUSTMENT and isinstance(more, tuple):
                total = adjusted[more]
                total[0] += 1
                total[1] += cents
            elif kind == ADJUSTMENT:
                for codes, part in more:
                    adjusted[codes][0] += 1
                    adjusted[codes][1] += part
            elif kind == LINE:
                summary.service_lines += 1
            elif kind == CLAIM:
                summary.charged += cents
                if len(more) > 1:
                    summary.paid += paid
                    summary.claim_status[more[1]] += 1
            elif kind == OTHER:
                self.segments.append(more)
        if len(self.segments) > FULL:
            self.flush()

    def add(self, segments: list[str], pieces: Pieces) -> None:
        """Counts segments that these pieces understand."""
        if pieces is not self.pieces or len(self.segments) > FULL:
            self.flush()
            self.pieces = pieces
        self.segments += segments

    def flush(self) -> None:
        """Looks at what was counted."""
        for (group, reason), (times, cents) in self.adjusted.items():
            self.summary.adjusted(group, reason, times, cents)
        self.adjusted.clear()
        pieces = self.pieces
        if pieces is None:
            return
        summary, element = self.summary, pieces.delimiters.element
        for token, times in Counter(self.segments).items():
            tag = token.lstrip().partition(element)[0]
            if tag not in COUNTERS:
                continue
            if tag in SERVICES and tag in pieces.shapes:
                summary.service_lines += times
                continue
            piece = pieces[token]
            counter = COUNTERS.get(piece.tag)
            if counter is not None and piece.tag in pieces.shapes and piece.value is not None:
                counter(summary, piece.value, times)
        self.segments.clear()


def _transaction(summary: Summary, transaction: TransactionSet, reading: Reading, counting: Counting) -> None:
    set_id = transaction.SET_ID or getattr(transaction, "set_id", "")
    summary.transactions[set_id] += 1
    summary.versions[transaction.version or "unknown"] += 1
    grammar = catalogue.find(set_id, transaction.version)
    if grammar is not None:
        pieces = grammar.pieces(reading.delimiters)
        units = grammar.description.units
        counting.add([], pieces)
        for claim in getattr(transaction, units) if units else ():
            counting.add(claim.raw, pieces)
            if claim.diagnostics:
                summary.diagnostics += claim.diagnostics
        counting.add([] if units else transaction.raw, pieces)
    summary.diagnostics += transaction.diagnostics
    if isinstance(transaction, Remittance835):
        _payment(summary, transaction)


def _payment(summary: Summary, payment: Remittance835) -> None:
    for item in payment.provider_adjustments:
        total = summary.plb.setdefault(item.reason, Sum())
        total.count += 1
        total.cents += item.cents
    off = any(finding.snip == 3 and finding.severity == "error" for finding in payment.diagnostics)
    summary.payments.append({"trace": payment.trace, "bpr_cents": payment.amount, "balanced": not off})


def _clp(summary: Summary, pairs: Any, times: int) -> None:
    values = dict(pairs)
    summary.claim_status[values.get("status", "")] += times
    summary.charged += times * values.get("charge", 0)
    summary.paid += times * values.get("paid", 0)


def _clm(summary: Summary, pairs: Any, times: int) -> None:
    summary.charged += times * dict(pairs).get("charge", 0)


def _line(summary: Summary, _: Any, times: int) -> None:
    summary.service_lines += times


def _cas(summary: Summary, items: Any, times: int) -> None:
    for item in items:
        summary.adjusted(item.group, item.carc, times, times * item.cents)


def _lq(summary: Summary, values: Any, times: int) -> None:
    if isinstance(values, tuple) and len(values) == 2 and values[0] == "HE":
        summary.rarc[values[1]] += times


def _moa(summary: Summary, values: Any, times: int) -> None:
    for code in values[2:7]:
        summary.rarc[code] += times * bool(code)


def _mia(summary: Summary, values: Any, times: int) -> None:
    for place in (5, 20, 21, 22, 23):
        if place <= len(values) and values[place - 1]:
            summary.rarc[values[place - 1]] += times


def _stc(summary: Summary, status: Any, times: int) -> None:
    summary.stc[f"{status.category}:{status.code}"] += times
    for category, code, _ in ((*item, "", "")[:3] for item in status.more):
        summary.stc[f"{category}:{code}"] += times


def _eb(summary: Summary, pairs: Any, times: int) -> None:
    summary.eb[dict(pairs).get("information", "")] += times


def _aaa(summary: Summary, rejection: Any, times: int) -> None:
    summary.aaa[rejection.reason] += times


COUNTERS = {
    "CLP": _clp,
    "CLM": _clm,
    "SVC": _line,
    "SV1": _line,
    "SV2": _line,
    "SV3": _line,
    "CAS": _cas,
    "LQ": _lq,
    "MOA": _moa,
    "MIA": _mia,
    "STC": _stc,
    "EB": _eb,
    "AAA": _aaa,
}
