"""What triage knows of one account: its denials, the way open for each, and what the day brought."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import ClassVar

from pydantic import Field

from schemas.document import Aggregate, Upgrade
from schemas.events.claims import DeniedAmount
from schemas.events.values import Cents, Value
from schemas.overnight import Overnight
from services.denial_triage.domain.encounter import EncounterFacts
from services.denial_triage.domain.notes import Note
from services.denial_triage.domain.upgrades import with_views

RESENDS = ("new_claim", "replacement", "reopening")
PACKETS = ("documents", "reconsideration", "appeal")
ENDS = ("bill_patient", "write_off")
WON = ("overturned", "overturned_in_part")
HeardFacts = Overnight[EncounterFacts]


class OpenWay(Value):
    """The one open way of a denial and what became of it so far."""

    way: str
    level: int = 1
    step: str
    """Name of the table's step, for example `correction` where the way is `replacement`."""
    attempt: int
    chosen_on: date
    last_day: date
    give_up_on: date
    """From this day on nothing more is expected of it."""
    version: int
    """Of the claim, when the way was chosen."""
    sent: bool = False
    """A corrected claim went out."""
    answered: bool = False
    """The payer adjudicated the corrected claim, or the documents."""
    paid: bool = False
    failed: str = ""
    """Why it could not be gone, if it could not."""
    decision: str = ""
    decided_on: date | None = None
    by_person: bool = False
    denied: tuple[DeniedAmount, ...] = ()
    """What it was chosen for, where it ends the denial by our own decision."""

    @property
    def won(self) -> bool:
        """The payer granted it; its money may be still to come."""
        return self.decision in WON


class Recovered(Value):
    """Cents that a payer paid later on denied cents, by the kind of way that brought them (DOMAIN §7)."""

    correction: Cents = 0
    appeal: Cents = 0
    documents: Cents = 0
    otherwise: Cents = 0

    @property
    def total(self) -> Cents:
        """All ways together."""
        return self.correction + self.appeal + self.documents + self.otherwise

    def plus(self, kind: str, cents: Cents) -> "Recovered":
        """With cents more (or, negative, fewer) on one kind."""
        return self.model_copy(update={kind: getattr(self, kind) + cents})


def recovery_kind(way: str) -> str:
    """Under which figure a way's recovery counts."""
    if way in RESENDS:
        return "correction"
    return {"appeal": "appeal", "reconsideration": "appeal", "documents": "documents"}.get(way, "otherwise")


class Denial(Value):
    """Denied amounts of some lines of a claim that share a category; at most one way is open for them."""

    denial_id: str
    category: str
    lines: tuple[str, ...]
    """Controls of the lines that it was opened for."""
    amounts: tuple[DeniedAmount, ...]
    """What still stands."""
    opened_cents: Cents
    opened_on: date
    denied_on: date
    """When its present codes were first given; the payer's clocks run from here."""
    first_answer: bool
    deadline: date
    priority: int
    attempts: int = 0
    tried: tuple[str, ...] = ()
    appeal_level: int = 0
    """The highest level decided against us."""
    appeal_until: date | None = None
    """Last day for the next level."""
    appeals_over: bool = False
    way: OpenWay | None = None
    last_way: str = ""
    wish: str = ""
    """The way that a person asked for, until the next morning."""
    for_person: bool = False
    """No way is left to the table, or the next is a write-off above its limit; a person chooses."""
    wanted_until: date | None = None
    """By when the person must choose; then they are asked again."""
    asked: int = 0
    """How often they were asked since the last way ended."""
    recovered: Recovered = Recovered()
    closed: str = ""
    closed_on: date | None = None

    @property
    def cents(self) -> Cents:
        """Denied cents that stand."""
        return sum(amount.cents for amount in self.amounts)

    @property
    def open(self) -> bool:
        """Whether it still needs somebody."""
        return not self.closed

    @property
    def codes(self) -> frozenset[tuple[str, str, tuple[str, ...]]]:
        """The codes that stand, whatever the amounts."""
        return frozenset((amount.group, amount.carc, amount.rarcs) for amount in self.amounts)


class ClaimDenials(Value):
    """One claim as its last final answer left it, and its denials."""

    claim_id: str
    payer_id: str
    service_date: date | None = None
    payer_control_number: str = ""
    accepted_on: date | None = None
    version: int = 0
    ledger_version: int = 0
    paid: Cents = 0
    """payer_paid of the ledger after the last answer that was no reversal."""
    first_denied: bool
    """The frozen first answer of the first payer denied something (DOMAIN §7)."""
    reversed_at: int = 0
    """`ledger_version` of the reversal by which the payer took its answer back; 0 once that is corrected."""
    denials: tuple[Denial, ...] = ()

    @property
    def reversed(self) -> bool:
        """The payer took the answer back and has not corrected it yet: until then all is held as it stood."""
        return self.reversed_at > 0

    def follows(self, ledger_version: int) -> bool:
        """Whether a change of the ledger is news: later than what was applied, earlier than a reversal that stands."""
        return self.ledger_version < ledger_version and not 0 < self.reversed_at < ledger_version

    def replace(self, denial: Denial) -> "ClaimDenials":
        """With one denial in a new state."""
        same = denial.denial_id
        return self.model_copy(update={"denials": tuple(denial if d.denial_id == same else d for d in self.denials)})

    def change(self, denial_id: str, how: Callable[[Denial], Denial]) -> "ClaimDenials":
        """With one denial changed, if it is known and open."""
        found = next((d for d in self.denials if d.denial_id == denial_id and d.open), None)
        return self if found is None else self.replace(how(found))


class Denials(Aggregate):
    """The denials of one account."""

    SCHEMA: ClassVar[int] = 2
    UPGRADES: ClassVar[Mapping[int, Upgrade]] = {1: with_views}

    encounter: HeardFacts | None = None
    claims: dict[str, ClaimDenials] = Field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    """What the day brought, for the next morning."""

    def with_claim(self, claim: ClaimDenials) -> "Denials":
        """With one claim in a new state."""
        return self.model_copy(update={"claims": {**self.claims, claim.claim_id: claim}})

    @property
    def waiting(self) -> bool:
        """Whether an open denial has no way."""
        return any(d.open and d.way is None for claim in self.claims.values() for d in claim.denials)
