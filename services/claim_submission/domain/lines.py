"""Claim lines as billed, and what one payer's answer says of each."""

from datetime import date

from pydantic import Field

from schemas.events.claims import DeniedAmount
from schemas.events.values import Cents, Value

WHOLE_CLAIM = "claim"
"""The control of amounts that no line could take."""


class ClaimLine(Value):
    """One line of a claim in its newest version; `cents` is its charge, 0 once a correction dropped it."""

    control: str
    procedure: str = ""
    modifiers: tuple[str, ...] = ()
    service_date: date | None = None
    cents: Cents


class LineAmounts(Value):
    """One answer's cents on one claim line, each in one class (DOMAIN §3); they sum to `charge`."""

    control: str
    charge: Cents
    paid: Cents = 0
    patient: Cents = 0
    contractual: dict[str, Cents] = Field(default_factory=dict)
    """By kind: negotiated, sequestration, capitation, penalty, bonus, withhold …"""
    pending: Cents = 0
    prior_payer: Cents = 0
    denied: tuple[DeniedAmount, ...] = ()

    @property
    def contractual_cents(self) -> Cents:
        """All kinds together; may be negative."""
        return sum(self.contractual.values())

    @property
    def denied_cents(self) -> Cents:
        """All denied amounts together."""
        return sum([amount.cents for amount in self.denied])


class Posting(Value):
    """One CLP as posted. Its cash counts for ever; its other amounts stand until a later answer or a reversal."""

    check_id: str
    position: int
    payer_id: str
    rank: int
    status: str
    payer_control_number: str = ""
    version: int
    paid_on: date
    received_on: date
    charge: Cents
    paid: Cents
    lines: tuple[LineAmounts, ...]
    reversal: bool = False
    reversed_on: date | None = None
    """The day on which we learned that it was taken back."""

    @property
    def under_review(self) -> bool:
        """Whether it decides nothing yet: its whole charge is pending (CARC 133, 257, 277)."""
        return self.charge != 0 and sum([line.pending for line in self.lines]) == self.charge

    @property
    def reversed(self) -> bool:
        """Whether the payer took it back."""
        return self.reversed_on is not None

    @property
    def order(self) -> tuple[date, date, str, int]:
        """Later answers of a payer replace earlier ones in this order, however they arrived."""
        return self.paid_on, self.received_on, self.check_id, self.position


class Decision(Value):
    """Somebody decided what becomes of denied amounts: the patient owes them, or they are written off."""

    denial_id: str
    target: str = Field(pattern=r"^(patient|written_off)$")
    decided_on: date
    denied: tuple[DeniedAmount, ...]
