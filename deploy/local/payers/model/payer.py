"""One payer: what it publishes, and how it really decides."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from deploy.local.payers.model.appeals import Accepts, AppealRules, Dirt, Takeback
from deploy.local.payers.model.base import CAUSES, Part
from deploy.local.payers.model.clocks import Clocks
from deploy.local.payers.model.front_end import FrontEnd
from deploy.local.payers.model.members import MemberRules
from deploy.local.payers.model.money import Benefits, Price
from deploy.local.payers.model.rules import Rules
from schemas.directory import PayerProfile

DOMAIN_MIX = {
    "registration": 26.6,
    "claim_data": 17.2,
    "authorization": 11.6,
    "not_covered": 10.6,
    "documents": 9.2,
    "necessity": 6.6,
    "late": 5.4,
    "coding": 4.8,
    "provider": 1.6,
    "other": 6.4,
}
"""Shares of causes among initial denials (Change Healthcare denials index 2020)."""


DELIMITERS = frozenset("~*:^")


class Mix(Part):
    """What the population aims at for this payer; it knows no other way to make a denial than the rules below."""

    denial_rate: float = Field(default=0.12, ge=0, le=0.6)
    rejection_rate: float = Field(default=0.03, ge=0, le=0.3)
    causes: dict[str, float] = Field(default_factory=lambda: dict(DOMAIN_MIX), min_length=1)
    """Weights of the causes; an absent cause is not made."""

    @model_validator(mode="after")
    def _known_causes(self) -> Self:
        for name, weight in self.causes.items():
            if name not in CAUSES:
                raise ValueError(f"{name} is no cause; use: {', '.join(CAUSES)}")
            if weight < 0:
                raise ValueError(f"the weight of {name} is negative; use 0 or more")
        return self


class Payments(Part):
    """How money and denials look on the 835."""

    originator: str = Field(pattern=r"^[0-9]{10}$")
    """TRN03 and BPR10: 1 and the payer's tax id."""
    method: Literal["CHK", "ACH"] = "ACH"
    denied_status: Literal["4", "1"] = "4"
    """CLP02 of a claim that is denied as a whole; some payers say 1."""


class Receipts(Part):
    """What the payer asks of the biller besides claims; which sets it wants a 999 for is published."""

    asks_ta1: bool = False
    """Its interchanges carry ISA14 = 1."""


def _tellable(published: PayerProfile) -> PayerProfile:
    """What a payer's own files can carry: it writes its name as it stands."""
    if set(published.name) & DELIMITERS or not published.name.isprintable():
        raise ValueError("name holds a character that ends an element of X12 (~ * : ^); write it without")
    levels = [entry.level for entry in published.appeal_levels]
    if len(levels) != len(set(levels)):
        raise ValueError("appeal_levels names a level twice; give each its own number")
    return published


class PayerModel(Part):
    """A payer's whole policy: one YAML file."""

    published: Annotated[PayerProfile, AfterValidator(_tellable)]
    share: float = Field(gt=0, le=1000)
    """Weight of this payer among the members of a population."""
    mix: Mix = Mix()
    clocks: Clocks = Clocks()
    front_end: FrontEnd = FrontEnd()
    members: MemberRules
    benefits: Benefits
    price: Price = Price()
    rules: Rules = Rules()
    appeals: AppealRules = AppealRules()
    accepts: Accepts = Accepts()
    takebacks: tuple[Takeback, ...] = ()
    dirt: Dirt = Dirt()
    payments: Payments
    receipts: Receipts = Receipts()

    @property
    def payer_id(self) -> str:
        """The payer's id: NM109 of 2010BB, and the name of its doors."""
        return self.published.payer_id

    @model_validator(mode="after")
    def _plans_exist(self) -> Self:
        known = {plan.name for plan in self.benefits.plans}
        named = set(self.rules.filing_limit.plans) | {plan for pend in self.clocks.pends for plan in pend.plans}
        for name in type(self.rules).model_fields:
            family = getattr(self.rules, name)
            for rule in family if isinstance(family, tuple) else ():
                named |= set(getattr(rule, "plans", ()))
        for rule in (*self.front_end.missing, *self.front_end.sets):
            named |= set(rule.plans)
        if unknown := sorted(named - known):
            raise ValueError(f"no plan is named {unknown[0]}; plans under benefits: {', '.join(sorted(known))}")
        return self
