"""The scrubber: what a payer would reject or deny, seen before the claim goes out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from schemas.codes.npi import valid_npi
from schemas.directory import PayerProfile
from schemas.events.encounters import EncounterAccepted, EncounterPhi
from services.claim_submission.domain.line_edits import LINE_CHECKS


class Bill(NamedTuple):
    """What the scrubber looks at: the encounter, its people, the payer to bill (None: not in the directory), today."""

    encounter: EncounterAccepted
    phi: EncounterPhi
    coverage: int
    """Position of the coverage to bill."""
    first_day: date
    """Of service."""
    payer: PayerProfile | None
    today: date


@dataclass(frozen=True, slots=True)
class Edit:
    """One rule: its code, what it prevents, what to do, and whether a bill breaks it."""

    code: str
    prevents: str
    remedy: str
    breaks: Callable[[Bill], bool]


def scrub(bill: Bill) -> tuple[str, ...]:
    """Codes of the edits that the bill breaks, in the order of `EDITS`; empty: clean."""
    return tuple([edit.code for edit in EDITS if edit.breaks(bill)])


def filing_deadline(encounter: EncounterAccepted, payer: PayerProfile) -> date:
    """Last day on which the payer takes a new claim, counted from the first day of service."""
    return payer.last_filing_day(first_service(encounter))


def first_service(encounter: EncounterAccepted) -> date:
    """The first day of service."""
    return min([line.service_date for line in encounter.lines])


def _npi(bill: Bill) -> bool:
    providers = (bill.encounter.billing_provider, bill.encounter.rendering_provider, bill.encounter.referring_provider)
    return not all(valid_npi(provider.npi) for provider in providers if provider is not None)


def _tax_id(bill: Bill) -> bool:
    return not bill.encounter.billing_provider.tax_id


def _address(bill: Bill) -> bool:
    provider = bill.encounter.billing_provider
    return not (provider.line1 and provider.city and provider.state and provider.postal_code)


def _member(bill: Bill) -> bool:
    return bill.coverage < len(bill.phi.members) and not bill.phi.members[bill.coverage].member_id.strip()


def _filing(bill: Bill) -> bool:
    """The claim reaches the payer on the day after its lane closes."""
    return bill.payer is not None and bill.today >= bill.payer.last_filing_day(bill.first_day)


def _future(bill: Bill) -> bool:
    return max([line.service_date for line in bill.encounter.lines]) > bill.today


def _before_birth(bill: Bill) -> bool:
    return bill.first_day < bill.phi.patient.birth_date


def _charge(bill: Bill) -> bool:
    return sum([line.charge for line in bill.encounter.lines]) <= 0


def _duplicates(bill: Bill) -> bool:
    if len(bill.encounter.lines) < 2:
        return False
    services = [
        (line.procedure, line.modifiers, line.service_date, line.diagnosis_pointers, line.place_of_service)
        for line in bill.encounter.lines
    ]
    return len(set(services)) < len(services)


def _line(check: str) -> Callable[[Bill], bool]:
    breaks = LINE_CHECKS[check]
    return lambda bill: breaks(bill.encounter)


EDITS: tuple[Edit, ...] = (
    Edit(
        "unknown_payer",
        "277CA A3 116",
        "add the payer to the directory or correct the payer id",
        lambda b: b.payer is None,
    ),
    Edit("npi_check_digit", "277CA A7 562, CARC 206-208", "correct the NPI whose check digit is wrong", _npi),
    Edit("billing_tax_id_missing", "999 R, 277CA A6 128", "give the billing provider's tax id", _tax_id),
    Edit("billing_address_missing", "999 R, 277CA A6 126", "give street, city, state and ZIP of billing", _address),
    Edit("member_id_blank", "277CA A6 164, CARC 31", "give the member id from the card", _member),
    Edit("no_charge", "277CA A6 178", "charge at least one line", _charge),
    Edit("service_date_future", "277CA A7 187, CARC 110", "correct the date of service", _future),
    Edit("service_before_birth", "277CA A8 158, CARC 14", "correct the date of birth or of service", _before_birth),
    Edit("filing_limit_passed", "CARC 29", "nothing to send: appeal with proof of an earlier filing", _filing),
    Edit("duplicate_line", "CARC 18", "merge the lines' units, or add the modifier that tells them apart", _duplicates),
    Edit("procedure_invalid", "277CA A7 454, CARC 181", "use a CPT or HCPCS code", _line("procedure")),
    Edit("diagnosis_invalid", "277CA A7 255, CARC 146", "use an ICD-10-CM code", _line("diagnosis")),
    Edit("diagnosis_pointer", "277CA A8 477", "point at diagnoses that the encounter holds", _line("pointer")),
    Edit("place_of_service_invalid", "277CA A7 249, CARC 5", "use a CMS place of service", _line("place")),
    Edit("modifier_repeated", "277CA A8 453, CARC 4", "give each modifier once", _line("modifier")),
)
COVERAGE_EDITS: dict[str, str] = {
    "coverage_inactive": "CARC 26, 27: the payer's 271 says not active on the date of service; find other coverage",
    "coverage_not_found": "277CA A7 164, CARC 31: the payer does not know the member; correct id, name or birth date",
    "other_payer_primary": "CARC 22: the 271 names another payer first; add that coverage",
}
"""Edits that come from eligibility instead of the encounter: code → what it prevents and the remedy."""
