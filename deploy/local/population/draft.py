"""An encounter while it is being made: what the partner will send, and what is true of it."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from deploy.local.payers.deciding.claim import ClaimFacts, LineFacts, PersonFacts
from deploy.local.payers.deciding.members import Granted, Member, Service, Span
from deploy.local.payers.model.payer import PayerModel
from deploy.local.population.times import DAY_ZERO
from schemas.events.values import Document, Person, Provider

RECEIVED_AFTER = 3
"""Days from a partner's event to the payer's receipt: 270 and 271, then the claim."""


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A charge; `diagnoses` are codes, pointers are made from them."""

    procedure: str
    charge: int
    units: int = 1
    modifiers: tuple[str, ...] = ()
    diagnoses: tuple[str, ...] = ()
    place: str = ""
    ndc: str = ""


@dataclass(frozen=True, slots=True)
class Insured:
    """A patient's membership, as the partner knows it (`member_id`, `last_name`) and as it is (`member`)."""

    payer: PayerModel
    member: Member
    member_id: str
    group_number: str | None
    relationship: str = "self"
    subscriber: Person | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """One revision of an encounter."""

    patient_number: str
    person: Person
    guarantor_number: str
    guarantor: Person
    insured: tuple[Insured, ...]
    lines: tuple[DraftLine, ...]
    day: int
    service_date: date
    place: str
    billing: Provider
    rendering: Provider
    referring: Provider | None = None
    authorization: str = ""
    referral: str = ""
    emergency: bool = False
    documents: tuple[Document, ...] = ()
    granted: tuple[Granted, ...] = ()
    service: Service | None = None

    @property
    def payer(self) -> PayerModel:
        """The first payer."""
        return self.insured[0].payer

    def but(self, **changes: Any) -> "Draft":
        """A changed copy."""
        return replace(self, **changes)

    def line(self, at: int, **changes: Any) -> "Draft":
        """A copy with one line changed."""
        lines = list(self.lines)
        lines[at] = replace(lines[at], **changes)
        return replace(self, lines=tuple(lines))

    def fact(self, **changes: Any) -> "Draft":
        """A copy with hidden facts of the care changed."""
        service = self.service or Service(service_date=self.service_date)
        return replace(self, service=service.model_copy(update=changes))

    def member(self) -> Member:
        """The membership with the facts that this encounter adds to it."""
        base = self.insured[0].member
        return base.model_copy(
            update={
                "authorizations": (*base.authorizations, *self.granted),
                "services": (*base.services, *((self.service,) if self.service else ())),
            }
        )

    def facts(self, received_after: int = RECEIVED_AFTER) -> ClaimFacts:
        """The claim as the payer will see it."""
        cover = self.insured[0]
        patient = facts_of(self.person)
        arrived = DAY_ZERO + timedelta(days=self.day)
        return ClaimFacts(
            claim_id="",
            member_id=cover.member_id,
            group_number=cover.group_number or "",
            subscriber=facts_of(cover.subscriber or self.person),
            patient=patient,
            billing_npi=self.billing.npi,
            rendering_npi=self.rendering.npi,
            taxonomy=self.rendering.taxonomy or self.billing.taxonomy or "",
            referring_npi=self.referring.npi if self.referring else "",
            authorization=self.authorization,
            referral=self.referral,
            place=self.place,
            received_on=arrived + timedelta(days=received_after),
            lines=tuple(self._line(at, line) for at, line in enumerate(self.lines, 1)),
        )

    def _line(self, number: int, line: DraftLine) -> LineFacts:
        return LineFacts(
            control=f"L{number:03d}",
            procedure=line.procedure,
            modifiers=line.modifiers,
            units=line.units,
            charge=line.charge,
            service_date=self.service_date,
            diagnoses=line.diagnoses[:4],
            place=line.place or self.place,
            ndc=line.ndc,
            emergency=self.emergency,
        )

    def data(self, number: str, revision: int) -> dict[str, Any]:
        """The `data` of an EncounterSubmitted event."""
        codes = list(dict.fromkeys(code for line in self.lines for code in line.diagnoses))
        found: dict[str, Any] = {
            "encounter_number": number,
            "revision": revision,
            "patient": {"patient_number": self.patient_number, "person": plain(self.person)},
            "coverages": [self._coverage(cover, rank) for rank, cover in enumerate(self.insured, 1)],
            "billing_provider": plain(self.billing),
            "rendering_provider": plain(self.rendering),
            "place_of_service": self.place,
            "diagnoses": codes,
            "lines": [self._charge(line, codes) for line in self.lines],
            "documents": [plain(document) for document in self.documents],
        }
        if self.referring:
            found["referring_provider"] = plain(self.referring)
        if self.guarantor_number != self.patient_number:
            found["guarantor"] = {"guarantor_number": self.guarantor_number, "person": plain(self.guarantor)}
        if self.emergency:
            found["emergency"] = True
        return found

    def _coverage(self, cover: Insured, rank: int) -> dict[str, Any]:
        found: dict[str, Any] = {
            "payer_id": cover.payer.payer_id,
            "member_id": cover.member_id,
            "relationship": cover.relationship,
            "priority": rank,
        }
        if cover.group_number:
            found["group_number"] = cover.group_number
        if cover.subscriber and cover.relationship != "self":
            found["subscriber"] = plain(cover.subscriber)
        if rank == 1 and self.authorization:
            found["authorization"] = self.authorization
        if rank == 1 and self.referral:
            found["referral"] = self.referral
        return found

    def _charge(self, line: DraftLine, codes: list[str]) -> dict[str, Any]:
        found: dict[str, Any] = {
            "procedure": line.procedure,
            "modifiers": list(line.modifiers),
            "units": line.units,
            "charge_cents": line.charge,
            "service_date": self.service_date.isoformat(),
            "diagnosis_pointers": [codes.index(code) + 1 for code in line.diagnoses[:4]] or [1],
        }
        if line.place and line.place != self.place:
            found["place_of_service"] = line.place
        if line.ndc:
            found["ndc"] = line.ndc
        return found


def facts_of(person: Person) -> PersonFacts:
    """A person as a payer knows them."""
    return PersonFacts(last=person.last_name, first=person.first_name, birth_date=person.birth_date, sex=person.sex)


def plain(value: Person | Provider | Document) -> dict[str, Any]:
    """JSON of a value, without what is absent."""
    return value.model_dump(mode="json", exclude_none=True)


def open_span() -> tuple[Span, ...]:
    """Coverage without an end."""
    return (Span(begins=date(2019, 1, 1)),)
