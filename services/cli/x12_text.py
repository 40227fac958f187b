"""What `overturn x12` prints for people: aligned, in dollars, with codes in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import BinaryIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from schemas.codes.dated import CodeTable, table
from schemas.codes.plb_reasons import plb_table
from schemas.x12.diagnostics import Diagnostic
from schemas.x12.reading import read
from schemas.x12.records.claim import Claim837, ServiceLine
from schemas.x12.records.parts import Adjustment, Dated, Party, Procedure
from schemas.x12.records.remittance import ClaimPayment835, ServicePayment
from schemas.x12.summary import Sum, Summary

BEFORE = dt.date(2005, 1, 1)
console = Console(highlight=False, soft_wrap=True, markup=False)


def shown(text: str) -> str:
    """What a file says, without what could move a terminal's cursor or change its colours."""
    return text if text.isprintable() else "".join(letter if letter.isprintable() else "?" for letter in text)


def _say(text: str) -> None:
    console.print(shown(text))


def _head(title: str, text: str) -> None:
    console.print(Text.assemble((shown(title), "bold"), shown(text)))


def dollars(cents: int) -> str:
    """Cents as dollars with separators."""
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100:,}.{abs(cents) % 100:02d}"


def print_summary(summary: Summary) -> None:
    """The counts of a file."""
    _head(f"{summary.file}", f"  {summary.bytes:,} bytes, {summary.encoding or 'unreadable'}")
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 2))
    table.add_row("interchanges", str(summary.interchanges))
    table.add_row("sets", shown(", ".join(f"{n} × {set_id}" for set_id, n in sorted(summary.transactions.items()))))
    table.add_row("versions", shown(", ".join(sorted(summary.versions))))
    table.add_row("segments", f"{summary.segments:,}")
    table.add_row("claims", f"{summary.claims:,}, set aside {summary.claims_set_aside:,}")
    table.add_row("service lines", f"{summary.service_lines:,}")
    table.add_row("charged, paid", f"{dollars(summary.charged)}, {dollars(summary.paid)}")
    console.print(table)
    _counts("claim status", summary.claim_status, _named("claim_payment_status.csv"))
    _sums("adjustments", summary.cas, lambda code: _named("carc.csv")(code.partition("-")[2]))
    _counts("remarks", summary.rarc, _named("rarc.csv"))
    _sums("provider level (PLB)", summary.plb, lambda code: _words(plb_table(), code))
    _counts("claim status (STC)", summary.stc, _status)
    _counts("benefits (EB)", summary.eb, _named("benefit_information.csv"))
    _counts("refusals (AAA)", summary.aaa, _named("request_rejections.csv"))
    off = sum(1 for payment in summary.payments if not payment["balanced"])
    if summary.payments:
        _say(f"  payments: {len(summary.payments)}, out of balance {off}")
    _findings(summary.diagnostics)


def print_findings(summary: Summary) -> None:
    """Only what is wrong with a file."""
    worst = {finding.severity for finding in summary.diagnostics}
    verdict = "no X12" if not summary.is_x12 else "has errors" if "error" in worst else "sound"
    _head(f"{summary.file}", f"  {verdict}")
    _findings(summary.diagnostics)


def print_claims(data: BinaryIO, wanted: str) -> tuple[int, bool]:
    """Every claim of the file that has this number; how many there were, and whether the file is X12 at all."""
    found = 0
    reading = read(data, stream=True)
    for transaction in reading.transactions():
        for claim in getattr(transaction, "claims", ()):
            if isinstance(claim, ClaimPayment835) and wanted in (claim.claim_id, claim.payer_control_number):
                found += 1
                _payment(claim)
            elif isinstance(claim, Claim837) and wanted == claim.claim_id:
                found += 1
                _submission(claim)
    return found, reading.is_x12


def _payment(claim: ClaimPayment835) -> None:
    status = _named("claim_payment_status.csv")(claim.status) or "unknown status"
    _head(f"claim {claim.claim_id}", f"  payer's number {claim.payer_control_number or '-'}  (835)")
    _party("patient", claim.patient)
    _say(f"  status {claim.status}: {status}")
    share = dollars(claim.patient_responsibility)
    _say(f"  charged {dollars(claim.charge)}  paid {dollars(claim.paid)}  patient {share}")
    _adjustments(claim.adjustments, "  ")
    _remarks(claim.remarks, "  ")
    for number, line in enumerate(claim.lines, 1):
        _payment_line(number, line)
    _findings(claim.diagnostics)


def _payment_line(number: int, line: ServicePayment) -> None:
    money = f"charged {dollars(line.charge):>12}  paid {dollars(line.paid):>12}"
    _say(f"  line {number:>2}  {line.service_date or '          '}  {_code(line.procedure):<16} {money}")
    _adjustments(line.adjustments, "           ")
    _remarks(line.remarks, "           ")


def _submission(claim: Claim837) -> None:
    _head(f"claim {claim.claim_id}", f"  frequency {claim.frequency}  (837)")
    _party("patient", claim.patient_person)
    _party("billing provider", claim.billing.provider)
    _party("payer", claim.subscriber.payer)
    _say(f"  charged {dollars(claim.charge)}  place {claim.facility_code}")
    _say(f"  diagnoses {', '.join(item.code for item in claim.diagnoses) or '-'}")
    for line in claim.lines:
        _submitted_line(line)
    _findings(claim.diagnostics)


def _submitted_line(line: ServiceLine) -> None:
    day = _day(next((entry for entry in line.dates if entry.qualifier == "472"), None))
    pointers = ",".join(map(str, line.pointers))
    code = _code(line.procedure) or line.revenue_code
    _say(f"  line {line.number:>2}  {day:<10}  {code:<16} charged {dollars(line.charge):>12}  diagnoses {pointers}")


def _day(entry: Dated | None) -> str:
    return entry.date.isoformat() if entry and entry.date else ""


def _code(procedure: Procedure) -> str:
    return "-".join(part for part in (procedure.code, *procedure.modifiers) if part)


def _party(label: str, party: Party | None) -> None:
    if party is not None:
        _say(f"  {label}: {party.name}  {party.id}")


def _adjustments(items: list[Adjustment], indent: str) -> None:
    for item in items:
        text = _named("carc.csv")(item.carc)
        _say(f"{indent}{item.group}-{item.carc:<4} {dollars(item.cents):>12}  {text}")


def _remarks(codes: list[str], indent: str) -> None:
    words = _named("rarc.csv")
    for code in codes:
        _say(f"{indent}{code:<7} {words(code)}")


def _named(file: str) -> Callable[[str], str]:
    """The words of a table for its codes."""
    return lambda code: _words(table(file), code)


def _words(codes: CodeTable, code: str) -> str:
    """The code's words today, or those it had before it was retired."""
    row = codes.get(code, dt.date.today()) or codes.get(code, BEFORE)
    return row["meaning"] if row else ""


def _status(pair: str) -> str:
    """Category and status code of an STC in words."""
    category, _, code = pair.partition(":")
    words = _named("claim_status_categories.csv")(category), _named("claim_status_codes.csv")(code.lstrip("0") or code)
    return "; ".join(word for word in words if word)


def _counts(title: str, counts: Mapping[str, int], meaning: Callable[[str], str]) -> None:
    if counts:
        _say(f"  {title}")
        for code, count in sorted(counts.items()):
            _say(f"    {code:<10} {count:>8,}  {meaning(code)}")


def _sums(title: str, sums: Mapping[str, Sum], meaning: Callable[[str], str]) -> None:
    if sums:
        _say(f"  {title}")
        for code, total in sorted(sums.items()):
            _say(f"    {code:<10} {total.count:>8,}  {dollars(total.cents):>16}  {meaning(code)}")


def _findings(findings: list[Diagnostic]) -> None:
    for finding in findings:
        colour = {"error": "red", "warning": "yellow"}.get(finding.severity, "dim")
        place = f"segment {finding.segment} {finding.loop} {finding.element}".rstrip()
        text = shown(f" {place}: {finding.message} ({finding.code})")
        console.print(Text.assemble("  ", (finding.severity, colour), text))
