"""One ST of an 835, judged alone: does it balance, whose claims are these, what does it say (DOMAIN §4)."""

import hashlib
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from schemas.x12 import ClaimPayment835, Diagnostic, Party, Remittance835, ServicePayment
from schemas.x12.balance import REVERSAL, balance_claim, balance_payment
from schemas.x12.diagnostics import errors
from services.clearinghouse.domain.checks import AssessedClaim, Assessment, Fault
from services.clearinghouse.domain.drafts import KEY_LENGTH, Origin, own_claim

NAMING = ("BPR02", "TRN02")
NEVER_POSTED = {"23": "not_our_claim_forwarded", "25": "predetermination"}
"""CLP02: 23 waits for the other payer, 25 is an estimate and no payment."""

DOLLARS = "USD"
FOREIGN = "the payment is not in US dollars; exchange it, and post it by hand"
NAMELESS = "TRN02, or who pays, is absent; ask the payer for the number of the check"
NEGATIVE = "CLP03 is negative though CLP02 is not 22; ask the payer whether this is a reversal"
NOT_NEGATIVE = (
    "CLP02 is 22, but CLP03 or CLP04 is above zero and takes nothing back; ask the payer for the reversal as it must be"
)
UNMATCHED = "CLP01 is no claim number of ours; find the claim and post it by hand"


def assess(payment: Remittance835, origin: Origin) -> Assessment:
    """Balance and identity of the payment and of each of its claims."""
    return Assessment(
        head=_hash(_head(payment)),
        claims=tuple(_assess_claim(claim, payment, origin) for claim in payment.claims),
        fault=_payment_fault(payment),
    )


def check_id(payment: Remittance835, origin: Origin, st: int) -> str:
    """Keyed hash of the check identity; of file and ST where the payment does not say who pays what under which number."""
    payer, trace, cents, paid_on = payment.identity
    malformed = any(finding.element[:5] in NAMING for finding in errors(payment.diagnostics))
    if malformed or not payer or not trace:
        return origin.key_of("check", "unnamed", origin.sha256, str(st))
    return origin.key_of("check", payer, trace, str(cents), paid_on)


def account_of(claim: ClaimPayment835, payment: Remittance835, origin: Origin) -> tuple[str, str | None] | None:
    """Account and, where CLP01 is ours, the claim; None where nobody can tell whose it is (matching comes later)."""
    ours = own_claim(claim.claim_id)
    if ours:
        return ours[:KEY_LENGTH], ours
    if origin.client is None:
        return None
    day = claim.service_date
    parts = (
        payee_id(payment),
        claim.claim_id,
        patient_id(claim),
        day.isoformat() if day else "",
        str(abs(claim.charge)),
    )
    return origin.key_of("takeover", origin.client, *parts), None


def patient_id(claim: ClaimPayment835) -> str:
    """Who was treated: the patient's id, else the subscriber's, else the name."""
    patient, subscriber = claim.patient, claim.subscriber
    ids = [party.id for party in (patient, subscriber) if party and party.id]
    return ids[0].strip() if ids else (patient.name if patient else "")


def payee_id(payment: Remittance835) -> str:
    """N104 of the payee, else its name."""
    return _id_or_name(payment.payee)[:80]


def payer_id(payment: Remittance835, origin: Origin) -> str:
    """The payer of the door; on a take-over door who the 835 says it is."""
    return origin.payer_id or payment.payer_identity.strip()[:80] or "unknown"


def paid_on(payment: Remittance835, origin: Origin) -> date:
    """BPR16; where it is no date the production date (DTM*405), else the day we recorded the file."""
    produced = next((entry.date for entry in payment.dates if entry.qualifier == "405" and entry.date), None)
    return payment.date or produced or origin.recorded_on


def place(segment: int, tag: str) -> str:
    """Where in the file, as people look it up: segments count from ISA = 1."""
    return f"seg {segment} {tag}"


def _assess_claim(claim: ClaimPayment835, payment: Remittance835, origin: Origin) -> AssessedClaim:
    content = _hash(_content(claim))
    if claim.status in NEVER_POSTED:
        return AssessedClaim(content, not_posted=Fault(NEVER_POSTED[claim.status], place(claim.position, "CLP")))
    found = _first_error([*claim.diagnostics, *balance_claim(claim)], "CLP", claim.position)
    found = found or _wrong_way(claim)
    if found is None and account_of(claim, payment, origin) is None:
        found = Fault("unmatched", place(claim.position, "CLP01"), UNMATCHED)
    return AssessedClaim(content, fault=found)


def _wrong_way(claim: ClaimPayment835) -> Fault | None:
    """Amounts that are not of their status: only a reversal is below zero, and a reversal negates every amount of what it
    takes back (X12 005010X221A1 section 1.10.2.8; RFI 1429, 2442)."""
    if claim.status != REVERSAL:
        return Fault("charge_negative", place(claim.position, "CLP03"), NEGATIVE) if claim.charge < 0 else None
    if claim.charge <= 0 and claim.paid <= 0:
        return None
    element = "CLP03" if claim.charge > 0 else "CLP04"
    return Fault("reversal_not_negative", place(claim.position, element), NOT_NEGATIVE)


def _payment_fault(payment: Remittance835) -> Fault | None:
    hurt = [
        finding for finding in payment.diagnostics if finding.unit in ("transaction", "group", "interchange", "file")
    ]
    if any(code not in ("", DOLLARS) for code in payment.currency[1::3]):
        return Fault("foreign_currency", "CUR02", FOREIGN)
    found = _first_error([*_sums(payment), *hurt], "BPR", payment.position + 1)
    if found is None and not all(payment.identity[:2]):
        return Fault("no_check_identity", place(payment.position + 1, "TRN"), NAMELESS)
    return found


def _sums(payment: Remittance835) -> list[Diagnostic]:
    """What does not add up; and, as its cause, each CLP04 that cannot be read."""
    found = balance_payment(payment)
    if not any(errors(found)):
        return found
    blind = (finding for claim in payment.claims for finding in claim.diagnostics if finding.element[:5] == "CLP04")
    return [*found, *blind]


def _first_error(findings: Iterable[Diagnostic], tag: str, position: int) -> Fault | None:
    """The cause: the first error of the lowest SNIP type, since what cannot be read does not balance either."""
    finding = min(errors(findings), key=lambda found: found.snip, default=None)
    if finding is None:
        return None
    return Fault(finding.code, place(finding.segment or position, finding.element or tag), finding.message)


def _head(payment: Remittance835) -> object:
    levels = [
        (item.provider_id, item.reason, item.reference.strip(), item.cents) for item in payment.provider_adjustments
    ]
    return (payment.identity, payment.handling, payment.credit_debit, payment.method, payee_id(payment), levels)


def _content(claim: ClaimPayment835) -> object:
    """Everything that posting uses; a copy with other number formats, delimiters or addresses is the same answer."""
    return (
        (claim.claim_id, claim.status, claim.charge, claim.paid, claim.patient_responsibility),
        (claim.payer_control_number, claim.facility_code, claim.frequency, patient_id(claim), str(claim.service_date)),
        [(cas.group, cas.carc, cas.cents) for cas in claim.adjustments],
        claim.remarks,
        [_line(line) for line in claim.lines],
    )


def _line(line: ServicePayment) -> object:
    return (
        (line.procedure.code, line.procedure.modifiers, line.revenue_code, line.charge, line.paid),
        (line.line_control_number, str(line.service_date), _number(line.units)),
        [(cas.group, cas.carc, cas.cents) for cas in line.adjustments],
        line.remarks,
    )


def _number(units: Decimal | None) -> str:
    return "1" if units is None else format(units.normalize(), "f")


def _hash(content: object) -> str:
    return hashlib.sha256(repr(content).encode()).hexdigest()[:32]


def _id_or_name(party: Party | None) -> str:
    return (party.id or party.last).strip() if party else ""
