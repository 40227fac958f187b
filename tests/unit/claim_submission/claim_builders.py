"""Encounters, answers and events for the tests of claim_submission; every person is invented."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from schemas.directory import PayerDirectory, PayerProfile
from schemas.document import Phi
from schemas.events.eligibility import CoverageVerified, VerifiedCoverage
from schemas.events.encounters import BilledLine, EncounterAccepted, EncounterPhi, Member, PayerCoverage
from schemas.events.envelope import Event, EventData
from schemas.events.payer_inbound import AnsweredLine, ClaimAcknowledged, ClaimAnswered
from schemas.events.values import Address, Adjustment, Person, Provider
from services.chassis.verdicts import Emit, Outcome
from services.claim_submission.domain.account import Account
from services.claim_submission.handlers import routes

ACCOUNT = "ABCDEFGHIJKLMNOP"
CLAIM = f"{ACCOUNT}01"
DAY = date(2026, 1, 10)
SERVICE = date(2026, 1, 5)


def profile(payer_id: str, **other: Any) -> PayerProfile:
    known = {
        "name": payer_id, "kind": "commercial", "filing_indicator": "CI", "interchange_id": payer_id, "filing_days": 120,
        "corrected_claim_days": 90, "acknowledgement_days": 5, "adjudication_days": 30,
    }  # fmt: skip
    return PayerProfile.model_validate({"payer_id": payer_id, **known, **other})


DIRECTORY = PayerDirectory(
    payers=(
        profile("ALPHA"),
        profile("BETA"),
        profile("CARE", kind="medicare", accepts_frequencies=("1",), reopening_days=365),
    )
)
PERSON = Person(
    last_name="Quill",
    first_name="Orla",
    birth_date=date(1970, 2, 3),
    sex="F",
    address=Address(line1="1 Elm", city="Northfork", state="OH", postal_code="43100"),
)
PROVIDER = Provider(
    npi="1234567893",
    name="Clinic",
    tax_id="990000101",
    line1="2 Oak",
    city="Northfork",
    state="OH",
    postal_code="431000101",
)


def line(number: int, cents: int = 10000, **other: Any) -> BilledLine:
    known = {"procedure": f"9921{number % 10}", "service_date": SERVICE, "place_of_service": "11"}
    return BilledLine.model_validate({"control": f"L{number:03d}", "charge": cents, **known, **other})


def encounter(revision: int = 1, payers: Iterable[str] = ("ALPHA",), **other: Any) -> EncounterAccepted:
    coverages = tuple(
        PayerCoverage(payer_id=payer, relationship="self", priority=place) for place, payer in enumerate(payers, 1)
    )
    known: dict[str, Any] = {
        "partner": "riverside", "partner_event_id": f"e{revision}", "revision": revision, "patient_key": "P" * 16,
        "guarantor_key": "G" * 16, "coverages": coverages, "billing_provider": PROVIDER, "rendering_provider": PROVIDER,
        "place_of_service": "11", "diagnoses": ("J069", "E119"), "lines": (line(1), line(2, 25000)),
    }  # fmt: skip
    return EncounterAccepted.model_validate({**known, **other})


def people(found: EncounterAccepted, member_id: str = "M1") -> EncounterPhi:
    members = tuple(Member(member_id=member_id, subscriber=PERSON) for _ in found.coverages)
    return EncounterPhi(encounter_number="E", patient_number="N", patient=PERSON, guarantor=PERSON, members=members)


def verified(revision: int = 1, payers: Iterable[str] = ("ALPHA",), status: str = "active") -> CoverageVerified:
    coverages = tuple(
        VerifiedCoverage(payer_id=payer, priority=place, status=status, verified_on=DAY)
        for place, payer in enumerate(payers, 1)
    )
    return CoverageVerified(revision=revision, coverages=coverages)


def acknowledged(verdict: str = "accepted", on: date = DAY, **other: Any) -> ClaimAcknowledged:
    known = {"claim_id": CLAIM, "payer_id": "ALPHA", "transaction": "277CA", "statuses": ("A2:20",), "answered_on": on}
    return ClaimAcknowledged.model_validate({**known, "verdict": verdict, **other})


def cas(text: str) -> tuple[Adjustment, ...]:
    """`CO-45:2500 PR-1:100` as adjustments."""
    entries = (part.split(":") for part in text.split())
    return tuple(
        Adjustment(group=code.split("-")[0], carc=code.split("-")[1], cents=int(cents)) for code, cents in entries
    )


def svc(number: int, charge: int, paid: int, codes: str = "", **other: Any) -> AnsweredLine:
    known = {
        "position": number,
        "control": f"L{number:03d}",
        "procedure": f"9921{number % 10}",
        "service_date": SERVICE,
    }
    return AnsweredLine.model_validate({**known, "charge": charge, "paid": paid, "adjustments": cas(codes), **other})


def answer(*lines: AnsweredLine, status: str = "1", check: str = "CHK1", **other: Any) -> ClaimAnswered:
    charge, paid = sum(entry.charge for entry in lines), sum(entry.paid for entry in lines)
    known: dict[str, Any] = {
        "claim_id": CLAIM, "check_id": check, "position": 1, "payer_id": "ALPHA", "charge": charge, "paid": paid,
        "patient_responsibility": 0, "payer_control_number": "ICN1", "lines": lines, "paid_on": DAY,
        "service_date": SERVICE,
    }  # fmt: skip
    return ClaimAnswered.model_validate({**known, "status": status, **other})


class Desk:
    """Runs events through the real routing table, as the chassis would, and keeps what they caused."""

    def __init__(self, directory: PayerDirectory = DIRECTORY, account: str = ACCOUNT) -> None:
        self.routes = routes(directory)
        self.account = account
        self.state: Account | None = None
        self.emits: list[Emit] = []

    def give(self, data: EventData, on: date = DAY, phi: Phi | None = None) -> list[EventData]:
        """One event; what it caused."""
        if isinstance(data, EncounterAccepted) and phi is None:
            phi = people(data)
        route = next(route for route in self.routes.events if route.event is type(data))
        return self._take(route.handler(self.state, self._event(data, on, phi), _noon(on)))

    def tick(self, on: date) -> list[EventData]:
        """The day's tick: fires the timer where it is due."""
        due = self.state.timers.get("due") if self.state else None
        if due is None or self.state is None or due > _noon(on):
            return []
        self.state = self.state.model_copy(update={"timers": self.state.disarmed("due")})
        return self._take(self.routes.timers[0].handler(self.state, self._event(EventData(), on, None), _noon(on)))

    def days(self, first: date, last: date) -> list[EventData]:
        """All ticks from a day to another, both included."""
        caused: list[EventData] = []
        for offset in range((last - first).days + 1):
            caused += self.tick(first + timedelta(days=offset))
        return caused

    @property
    def claim(self) -> Any:
        assert self.state is not None
        return self.state.claims[0]

    def _take(self, outcome: Outcome[Any]) -> list[EventData]:
        self.state = outcome.state or self.state
        self.emits += outcome.events
        return [emit.data for emit in outcome.events]

    def _event(self, data: EventData, on: date, phi: Phi | None) -> Event[Any, Any]:
        return Event("id", "/test", self.account, _noon(on), data, phi)


def _noon(on: date) -> datetime:
    return datetime.combine(on, time(), UTC)


def submitted(directory: PayerDirectory = DIRECTORY, payers: Iterable[str] = ("ALPHA",), **other: Any) -> Desk:
    """A desk whose claim went out on DAY."""
    desk = Desk(directory)
    desk.give(encounter(payers=payers, **other))
    desk.give(verified(payers=payers))
    return desk
