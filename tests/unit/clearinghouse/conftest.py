"""A claim, an inquiry, a packet and a directory that the tests of this folder share."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from schemas.directory import PayerDirectory, PayerProfile
from schemas.events.encounters import BilledLine, Member, PayerCoverage
from schemas.events.envelope import Event
from schemas.events.payer_outbound import (
    AppealPacket,
    AppealPhi,
    BillPhi,
    ClaimBill,
    EligibilityInquiry,
    InquiryPhi,
    StatusInquiry,
)
from schemas.events.values import Address, Person, Provider
from services.chassis.identity import Identity
from services.clearinghouse.domain.drafts import Origin

NOW = datetime(2026, 1, 9, tzinfo=UTC)
ACCOUNT = "ABCDEFGHIJKLMNOP"
HOME = Address(line1="12 Elm Street", city="Springfield", state="OH", postal_code="45501")
PATIENT = Person(last_name="Tamblyn", first_name="Orla", birth_date=date(1980, 2, 3), sex="F", address=HOME)
MEMBER = Member(member_id="MBR0001234", group_number="G77", subscriber=PATIENT)
CLINIC = Provider(
    npi="1234567893",
    name="Riverside Clinic",
    tax_id="123456789",
    taxonomy="207Q00000X",
    line1="1 Main Street",
    city="Springfield",
    state="OH",
    postal_code="455011234",
)
DOCTOR = Provider(npi="1932102084", name="Vell", first_name="Ada", taxonomy="207Q00000X")


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def directory() -> PayerDirectory:
    profile = PayerProfile(
        payer_id="NORTHSTAR",
        name="Northstar Health",
        kind="commercial",
        filing_indicator="CI",
        interchange_id="NORTHSTAR",
        filing_days=90,
    )
    return PayerDirectory(payers=(profile,))


def make_bill(number: int = 1, version: int = 1, **changes: Any) -> ClaimBill:
    fields: dict[str, Any] = {
        "claim_id": f"{ACCOUNT}{number:02d}",
        "version": version,
        "frequency": "1",
        "payer_id": "NORTHSTAR",
        "charge": 25000,
        "coverages": (PayerCoverage(payer_id="NORTHSTAR", relationship="self", priority=1, authorization="AU77"),),
        "billing_provider": CLINIC,
        "rendering_provider": DOCTOR,
        "place_of_service": "11",
        "diagnoses": ("E119", "I10"),
        "lines": (
            BilledLine(
                control="L001",
                procedure="99213",
                modifiers=("25",),
                charge=15000,
                service_date=date(2026, 1, 7),
                diagnosis_pointers=(1, 2),
                place_of_service="11",
            ),
            BilledLine(
                control="L002",
                procedure="36415",
                charge=10000,
                service_date=date(2026, 1, 7),
                place_of_service="11",
            ),
        ),
    }
    return ClaimBill(**{**fields, **changes})


@pytest.fixture
def bill() -> Callable[..., ClaimBill]:
    return make_bill


@pytest.fixture
def bill_phi() -> BillPhi:
    return BillPhi(patient_number="P1", patient=PATIENT, members=(MEMBER,))


@pytest.fixture
def inquiry() -> EligibilityInquiry:
    return EligibilityInquiry(
        payer_id="NORTHSTAR",
        trace=f"{ACCOUNT}07",
        relationship="self",
        service_date=date(2026, 1, 7),
        provider=CLINIC,
    )


@pytest.fixture
def inquiry_phi() -> InquiryPhi:
    return InquiryPhi(patient=PATIENT, member=MEMBER)


@pytest.fixture
def status() -> StatusInquiry:
    return StatusInquiry(
        claim_id=f"{ACCOUNT}01",
        trace=f"{ACCOUNT}01",
        payer_id="NORTHSTAR",
        charge=25000,
        service_date=date(2026, 1, 7),
        provider=CLINIC,
    )


@pytest.fixture
def packet() -> AppealPacket:
    return AppealPacket(
        appeal_id=f"{ACCOUNT}01-D1-A1",
        claim_id=f"{ACCOUNT}01",
        payer_id="NORTHSTAR",
        payer_control_number="N1",
        kind="appeal",
        level=1,
        addressee="Northstar Appeals",
        denied=10000,
        lines=("L002",),
        codes=("CO-197",),
        grounds="authorization_on_file",
        statement="The authorisation is on file.",
        evidence=(),
        denied_on=date(2026, 1, 8),
    )


@pytest.fixture
def packet_phi() -> AppealPhi:
    return AppealPhi(patient=PATIENT, member=MEMBER)


@pytest.fixture
def event() -> Callable[..., Event[Any, Any]]:
    def make(
        data: Any, phi: Any = None, *, id: str = "e1", partition: int = 2, time: datetime = NOW
    ) -> Event[Any, Any]:
        return Event(id=id, source="overturn/test", subject=ACCOUNT, time=time, data=data, phi=phi, partition=partition)

    return make


@pytest.fixture
def origin() -> Callable[..., Origin]:
    def make(
        sha256: str = "f" * 64, *, payer_id: str = "NORTHSTAR", client: str | None = None, delivery: int = 1
    ) -> Origin:
        return Origin(
            door=payer_id or f"takeover-{client}",
            payer_id=payer_id,
            client=client,
            sha256=sha256,
            delivery=delivery,
            recorded_on=date(2026, 1, 20),
            key_of=Identity(b"k" * 32).key,
        )

    return make
