"""eligibility.v1: what coverage an encounter has. Key: account. And eligibility's own hop by patient."""

from datetime import date
from typing import ClassVar

from schemas.document import Phi
from schemas.events.encounters import Member, PayerCoverage
from schemas.events.envelope import EventData
from schemas.events.values import Person, Provider, Value


class CoveragePhi(Phi):
    """The members asked about, in the order of `coverages`, and the patient."""

    patient: Person
    members: tuple[Member, ...]


class CoverageCheckRequested(EventData):
    """eligibility's own hop: an encounter's coverages to verify, re-keyed to the patient."""

    TYPE: ClassVar[str] = "overturn.eligibility.check_requested.v1"
    TOPIC: ClassVar[str] = "eligibility.patients.v1"
    PHI: ClassVar[type[Phi] | None] = CoveragePhi

    account: str
    revision: int
    partner: str
    service_date: date
    coverages: tuple[PayerCoverage, ...]
    billing_provider: Provider


class VerifiedCoverage(Value):
    """What the payer said of one coverage on the date of service."""

    payer_id: str
    priority: int
    status: str
    """active | inactive | not_found | payer_unavailable | other_payer (271 EB01 and AAA03)."""
    reason_codes: tuple[str, ...] = ()
    """`EB:6`, `AAA:75` …"""
    other_payer_id: str | None = None
    """Another payer that the 271 names as primary (loop 2120)."""
    verified_on: date


class CoverageVerified(EventData):
    """All coverages of the encounter have an answer, or the time for it ran out."""

    TYPE: ClassVar[str] = "overturn.coverage.verified.v1"
    TOPIC: ClassVar[str] = "eligibility.v1"

    revision: int
    coverages: tuple[VerifiedCoverage, ...]
    """In billing order: who pays first is first."""
