"""Codes of a policy that should be in their dated list; judged where whoever reads it names a day.

A demo names none: payers do send codes that no list has, and what our services make of them is worth seeing.
"""

from datetime import date

from pydantic import AfterValidator, ValidationInfo
from pydantic_core import PydanticCustomError

from schemas.codes.claim_status import split_status
from schemas.codes.dated import DIRECTORY, table

CODES_ON = "codes_on"
"""Key of the validation context: the day on which codes must hold; absent, they are not judged."""
UNLISTED, NOT_HELD = "code_unlisted", "code_not_held"
"""Types of the errors: in no list, and not valid on the day."""
CARCS, RARCS = "carc.csv", "rarc.csv"
CATEGORIES, STATUSES, ENTITIES = "claim_status_categories.csv", "claim_status_codes.csv", "status_entities.csv"
LISTS = (CARCS, RARCS, CATEGORIES, STATUSES, ENTITIES)
"""Every list that codes are looked up in."""


def listed(name: str, file_name: str) -> AfterValidator:
    """A code of this table; raises PydanticCustomError, which says the remedy, where it does not hold on the day."""

    def check(code: str, info: ValidationInfo) -> str:
        if day := _day(info):
            _hold(name, file_name, code, day)
        return code

    return AfterValidator(check)


def _status(composite: str, info: ValidationInfo) -> str:
    if day := _day(info):
        category, code, entity = split_status(composite)
        _hold("claim status category", CATEGORIES, category, day)
        _hold("claim status code", STATUSES, code.lstrip("0") or "0", day)
        if entity:
            _hold("status entity", ENTITIES, entity, day)
    return composite


LISTED_STATUS = AfterValidator(_status)
"""The parts of STC01 (category, claim status code, entity), each in its table."""


def _day(info: ValidationInfo) -> date | None:
    return (info.context or {}).get(CODES_ON)


def _hold(name: str, file_name: str, code: str, day: date) -> None:
    found, source = table(file_name).judge(code, day), f"schemas/codes/{file_name}"
    if found.standing == "unknown":
        why = f"{name} {code} is in no list; take one of {source}, or name newer tables by {DIRECTORY}"
        raise PydanticCustomError(UNLISTED, "{why}", {"why": why})
    if found.standing == "not_valid":
        when = f"is not valid since {found.since}" if found.since > date.min else f"is not valid until {found.until}"
        why = f"{name} {code} {when}; take one of {source} that holds on {day}, unless this payer does use it"
        raise PydanticCustomError(NOT_HELD, "{why}", {"why": why})
