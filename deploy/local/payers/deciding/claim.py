"""A claim as the payer sees it, apart from the form in which it came."""

from datetime import date

from pydantic import BaseModel, ConfigDict

from schemas.x12 import Claim837P, Party, ServiceLine


class Seen(BaseModel):
    """A frozen fact taken from a claim."""

    model_config = ConfigDict(frozen=True)


class LineFacts(Seen):
    """One service line; `diagnoses` are the codes that its pointers name, in order."""

    control: str
    procedure: str
    modifiers: tuple[str, ...] = ()
    units: int = 1
    charge: int
    service_date: date
    diagnoses: tuple[str, ...] = ()
    place: str
    ndc: str = ""
    emergency: bool = False


class PersonFacts(Seen):
    """A patient or subscriber by name."""

    last: str
    first: str
    birth_date: date | None = None
    sex: str = "U"


class ClaimFacts(Seen):
    """What an 837P says, and when it was received."""

    claim_id: str
    frequency: str = "1"
    replaces: str = ""
    member_id: str
    group_number: str = ""
    relationship: str = "18"
    subscriber: PersonFacts
    patient: PersonFacts
    billing_npi: str
    billing_name: str = ""
    billing_tax_id: str = ""
    rendering_npi: str = ""
    taxonomy: str = ""
    referring_npi: str = ""
    authorization: str = ""
    referral: str = ""
    attachments: bool = False
    delay_reason: str = ""
    place: str
    received_on: date
    lines: tuple[LineFacts, ...]

    @property
    def charge(self) -> int:
        """The sum of the lines, cents."""
        return sum(line.charge for line in self.lines)

    @property
    def service_date(self) -> date:
        """The earliest date of service."""
        return min(line.service_date for line in self.lines)

    @property
    def identity(self) -> tuple[str, ...]:
        """What a draw about this claim hangs on: member, service date, procedures, charge; never its number."""
        codes = ",".join(line.procedure for line in self.lines)
        return self.member_id, self.service_date.isoformat(), codes, str(self.charge)


def from_837(claim: Claim837P, received_on: date) -> ClaimFacts:
    """The facts of a claim that came as X12."""
    person = claim.patient_person
    rendering = claim.provider("82")
    referring = claim.provider("DN")
    billing = claim.billing.provider
    codes = [entry.code.replace(".", "") for entry in claim.diagnoses]
    subscriber = claim.subscriber.person
    return ClaimFacts(
        claim_id=claim.claim_id,
        frequency=claim.frequency or "1",
        replaces=claim.payer_control_number,
        member_id=subscriber.id if subscriber else "",
        group_number=claim.subscriber.group_number,
        relationship=claim.patient.relationship if claim.patient else claim.subscriber.relationship or "18",
        subscriber=_person(subscriber),
        patient=_person(person),
        billing_npi=billing.id if billing else "",
        billing_name=billing.last if billing else "",
        billing_tax_id=billing.reference("EI") if billing else "",
        rendering_npi=rendering.id if rendering else "",
        taxonomy=(rendering.taxonomy if rendering else "") or claim.billing.taxonomy,
        referring_npi=referring.id if referring else "",
        authorization=claim.prior_authorization,
        referral=claim.reference("9F"),
        attachments=bool(claim.attachments),
        delay_reason=claim.delay_reason,
        place=claim.facility_code,
        received_on=received_on,
        lines=tuple(_line(claim, line, codes, received_on) for line in claim.lines),
    )


def _person(party: Party | None) -> PersonFacts:
    if party is None:
        return PersonFacts(last="", first="")
    return PersonFacts(last=party.last, first=party.first, birth_date=party.birth_date, sex=party.sex or "U")


def _line(claim: Claim837P, line: ServiceLine, codes: list[str], received_on: date) -> LineFacts:
    return LineFacts(
        control=line.control_number,
        procedure=line.procedure.code,
        modifiers=tuple(line.procedure.modifiers),
        units=int(line.units) if line.units else 1,
        charge=line.charge,
        service_date=line.service_date or received_on,
        diagnoses=tuple(codes[at - 1] for at in line.pointers if 0 < at <= len(codes)),
        place=line.place_of_service or claim.facility_code,
        ndc=line.drug.code if line.drug and line.drug.qualifier == "N4" else "",
        emergency=line.emergency == "Y",
    )
