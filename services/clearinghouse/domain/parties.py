"""People, providers and payers of our events as X12 parties (NM1, N3, N4, DMG, PRV, REF).

A payer's party is shared by all who name it: nobody may change it.
"""

from functools import lru_cache

from schemas.events.encounters import Member
from schemas.events.values import Person, Provider
from schemas.x12 import Contact, Party, Reference
from services.clearinghouse.domain.lane import Sender
from services.clearinghouse.domain.text import clean

SELF = "18"
RELATIONSHIPS = {"self": SELF, "spouse": "01", "child": "19", "other": "G8"}
"""Individual relationship codes (SBR02, PAT01) of the partner contract's words."""


def relationship_code(relationship: str) -> str:
    """The X12 code of a relationship; a code passes as it is."""
    return RELATIONSHIPS.get(relationship, relationship)


def person(entity: str, who: Person, member_id: str = "") -> Party:
    """A subscriber or patient with address and demographics; `member_id` under NM108 MI."""
    home = who.address
    return Party(
        entity,
        "1",
        last=clean(who.last_name, 60),
        first=clean(who.first_name, 35),
        middle=clean(who.middle_name, 25),
        id_qualifier="MI" if member_id else "",
        id=clean(member_id, 80),
        street=clean(home.line1, 55),
        street2=clean(home.line2, 55),
        city=clean(home.city, 30),
        state=clean(home.state, 2),
        zip=clean(home.postal_code, 15).replace("-", ""),
        birth_date=who.birth_date,
        sex=who.sex,
    )


def inquirer_person(entity: str, who: Person, member_id: str = "") -> Party:
    """A person as inquiries name them: no address (270, 276)."""
    party = person(entity, who, member_id)
    party.street = party.street2 = party.city = party.state = party.zip = ""
    return party


def provider(entity: str, who: Provider, *, with_address: bool = False, role: str = "") -> Party:
    """A provider by NPI; `role` is PRV01 (BI billing, PE performing), written with the taxonomy if that is known."""
    party = Party(
        entity,
        "1" if who.first_name else "2",
        last=clean(who.name, 60),
        first=clean(who.first_name, 35),
        id_qualifier="XX",
        id=who.npi,
    )
    if with_address:
        party.street, party.city = clean(who.line1, 55), clean(who.city, 30)
        party.state, party.zip = clean(who.state, 2), clean(who.postal_code, 15).replace("-", "")
    if with_address and who.tax_id:
        party.references = [Reference("EI", who.tax_id)]
    if role and who.taxonomy:
        party.provider_role, party.taxonomy = role, who.taxonomy
    return party


@lru_cache(maxsize=1024)
def payer(entity: str, name: str, payer_id: str) -> Party:
    """A payer by its id under NM108 PI."""
    return Party(entity, "2", last=clean(name, 60), id_qualifier="PI", id=clean(payer_id, 80))


def submitter(sender: Sender) -> Party:
    """Loop 1000A with the contact that the guide requires (PER)."""
    contact = Contact("IC", clean(sender.submitter_name, 60), (("EM", "edi@overturn.example"),))
    name = clean(sender.submitter_name, 60)
    return Party("41", "2", last=name, id_qualifier="46", id=sender.submitter_id, contacts=[contact])


def receiver(sender: Sender) -> Party:
    """Loop 1000B."""
    return Party("40", "2", last=clean(sender.payer_name, 60), id_qualifier="46", id=sender.interchange_id)


def insured(member: Member) -> Party:
    """The subscriber of a coverage."""
    return person("IL", member.subscriber, member.member_id)
