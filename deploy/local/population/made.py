"""One encounter of the population with its later revisions and its hidden truth."""

from dataclasses import dataclass
from typing import Protocol

from deploy.local.payers.model.payer import PayerModel
from deploy.local.population.base import plain_encounter
from deploy.local.population.draft import Draft
from deploy.local.population.patients import patient
from deploy.local.population.repair import repaired

VISIT = "99213"


@dataclass(frozen=True, slots=True)
class Made:
    """What arrives first, what the partner would send when asked, and why.

    `wins`: what would win (`correction`, `appeal`, `documents`, `other_payer`, `nothing`). `before`: an encounter that
    must be adjudicated first (a duplicate needs its original). `corrects`: whether this partner answers requests.
    """

    first: Draft
    corrections: tuple[Draft, ...] = ()
    scenario: str = "clean"
    cause: str = ""
    rule: str = ""
    wins: str = ""
    before: Draft | None = None
    corrects: bool = True


@dataclass(frozen=True, slots=True)
class Order:
    """An encounter to make: for which payer, on which day (from 0), and what makes it different from all others."""

    payer: PayerModel
    seed: int
    name: str
    day: int
    payers: tuple[PayerModel, ...]
    """All payers of the population: another coverage may be with one of them."""


class Recipe(Protocol):
    """Makes an encounter, or None where the payer's policy does not allow it."""

    def __call__(self, order: Order) -> Made | None: ...


def fresh(
    order: Order,
    procedures: tuple[str, ...],
    *,
    plan: str = "",
    sex: str = "",
    age_days: int = 0,
    name: str = "",
    adult: bool = True,
) -> Draft | None:
    """A payable encounter of a patient who has no other; None where these procedures cannot be paid."""
    tag = f"{order.name}{name}"
    ages = None
    if adult and order.payer.published.kind != "medicare":
        ages = (19, 63)
    who = patient(order.payer, order.seed, tag, plan=plan, sex=sex, age=ages)
    return repaired(plain_encounter(who, procedures, order.day, order.seed, tag, age_days=age_days))
