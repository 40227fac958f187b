"""Rules of the questions to payers: 270 (005010X279A1) and 276 (005010X212)."""

from __future__ import annotations

from typing import Any

from schemas.x12.diagnostics import Diagnostic
from schemas.x12.records.parts import Party
from schemas.x12.rules.rule import Rule, Rules

OWN_NUMBERS = frozenset({"1K", "EJ", "D9", "XZ", "BLT"})


def _findable(person: Party | None) -> bool:
    """By member id, or by name and birth date (X279A1 section 1.4.8: the search options)."""
    return person is not None and bool(person.id or (person.last and person.birth_date))


def _patients_findable(subject: Any) -> bool:
    dependent = subject.dependent
    return _findable(subject.subscriber) or bool(dependent and dependent.last and dependent.birth_date)


def _claims_findable(subject: Any) -> bool:
    return all(
        any(entry.qualifier == "472" for entry in claim.dates)
        or any(ref.qualifier in OWN_NUMBERS for ref in claim.references)
        or any(any(entry.qualifier == "472" for entry in line.dates) for line in claim.lines)
        for claim in subject.claims
    )


ELIGIBILITY = Rules(
    (
        Rule(
            "subscriber_not_identifiable",
            "2100C",
            "NM109",
            lambda subject: True,
            _patients_findable,
            "neither a member id nor a name with birth date tells whom the question is about; give what the payer searches by",
        ),
    )
)
STATUS = Rules(
    (
        Rule(
            "claim_not_identifiable",
            "2200D",
            "DTP",
            lambda subject: subject.claims,
            _claims_findable,
            "the question names neither a date of service nor a claim number; give DTP*472 or REF*1K",
        ),
    )
)


def judge_subjects(rules: Rules, transaction: Any) -> list[Diagnostic]:
    """What the rules say about each subject of a set."""
    return [found for subject in transaction.subjects for found in rules.judge(subject)]
