"""The hidden facts of members: what the payer knows and what is true, whatever the partner believes."""

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from deploy.local.payers.deciding.claim import PersonFacts


class Hidden(BaseModel):
    """A frozen hidden fact."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Span(Hidden):
    """Coverage from `begins` to `ends`; an end is known to the 271 from `known_on` on only (retro-termination)."""

    begins: date
    ends: date | None = None
    known_on: date | None = None

    def covers(self, day: date, asked_on: date | None = None) -> bool:
        """Whether the span covers `day`, as it is known on `asked_on` (None: as it is)."""
        ends = self.ends
        if asked_on is not None and self.known_on is not None and asked_on < self.known_on:
            ends = None
        return self.begins <= day and (ends is None or day <= ends)


class OtherPayer(Hidden):
    """Another payer that pays first."""

    name: str
    payer_id: str
    member_id: str


class Granted(Hidden):
    """An authorisation on the payer's file; `overlooked`: the payer denies although it is there."""

    number: str
    procedures: tuple[str, ...]
    units: int = 999
    begins: date
    ends: date
    given_on: date
    overlooked: bool = False


class Service(Hidden):
    """What is true of the care on one day: what the record shows, and what happens to the claim."""

    service_date: date
    record_meets_policy: bool = False
    distinct_service: bool = False
    emergency: bool = False
    misdated: bool = False
    """The payer counts the claim as late although it was received in time."""
    loses: int = 0
    """How many receptions of the claim the payer loses."""


class Member(Hidden):
    """One membership with everybody that it covers."""

    payer_id: str
    member_id: str
    plan: str
    subscriber: PersonFacts
    persons: tuple[PersonFacts, ...]
    spans: tuple[Span, ...]
    former_id: str = ""
    other_payer: OtherPayer | None = None
    other_plan: str = ""
    """The plan or payer that covers the member in truth."""
    qmb: bool = False
    authorizations: tuple[Granted, ...] = ()
    services: tuple[Service, ...] = ()

    def service(self, day: date) -> Service:
        """The hidden facts of the care on a day; the plain ones where none are noted."""
        return next((entry for entry in self.services if entry.service_date == day), Service(service_date=day))

    def person(self, who: PersonFacts) -> PersonFacts | None:
        """The covered person with that birth date and first name, or with that birth date alone if only one has it."""
        born = [person for person in self.persons if person.birth_date == who.birth_date]
        if len(born) > 1:
            born = [person for person in born if person.first.upper() == who.first.upper()]
        return born[0] if born else None


class Members:
    """A payer's members by id. `open_enrolment`: ids that nobody listed are covered (no population is known)."""

    def __init__(self, members: Iterable[Member], *, open_enrolment: bool = False) -> None:
        self._by_id: dict[tuple[str, str], Member] = {}
        self.open_enrolment = open_enrolment
        for member in members:
            self._by_id[member.payer_id, member.member_id] = member
            if member.former_id:
                self._by_id.setdefault((member.payer_id, member.former_id), member)

    def find(self, payer_id: str, member_id: str, patient: PersonFacts | None = None) -> Member | None:
        """The member under this id, or under this former id; None where the payer knows none."""
        found = self._by_id.get((payer_id, member_id))
        if found is None and self.open_enrolment and patient is not None:
            return Member(
                payer_id=payer_id,
                member_id=member_id,
                plan="",
                subscriber=patient,
                persons=(patient,),
                spans=(Span(begins=date(1990, 1, 1)),),
            )
        return found


def read_members(path: Path) -> Members:
    """The members table that the population left; without a file, enrolment is open."""
    if not path.is_file():
        return Members((), open_enrolment=True)
    rows = json.loads(path.read_text("utf-8"))["members"]
    return Members(Member.model_validate(row) for row in rows)
