"""The account of an encounter as intake knows it: which revision stands, and what it charges."""

from datetime import datetime

from pydantic import Field

from schemas.document import Aggregate
from schemas.events.encounters import EncounterAccepted
from schemas.events.values import Cents, Value


class AcceptedRevision(Value):
    """An accepted revision; `reconcile` compares its charge with the claims made from it."""

    revision: int
    event_id: str
    accepted_at: datetime
    charge: Cents
    lines: int
    no_claim: str | None = None


class Account(Aggregate):
    """One encounter of one partner. The newest accepted revision stands; a cancellation is final."""

    partner: str
    revisions: tuple[AcceptedRevision, ...] = ()
    """Accepted ones, rising."""
    withdrawn_at: datetime | None = None
    withdrawn_reason: str = ""
    refusals: tuple[str, ...] = Field(default=())
    """Codes for which events of this encounter were refused, sorted, each once."""
    rejected: int = 0
    """Valid events that came too late to count (an old revision, or after the cancellation)."""

    @property
    def current(self) -> AcceptedRevision | None:
        """The revision that stands."""
        return self.revisions[-1] if self.revisions else None

    @property
    def revision(self) -> int:
        """Number of the revision that stands; 0: none."""
        return self.revisions[-1].revision if self.revisions else 0

    def verdict(self, revision: int, now: datetime) -> str:
        """What a valid submission means: `accept`, `replaced`, or the code of its refusal.

        Within one instant the order of arrival does not count: a lower revision is replaced already, and a cancelled
        encounter was submitted first.
        """
        if self.withdrawn_at is not None and now > self.withdrawn_at:
            return "encounter_cancelled"
        if revision > self.revision:
            return "accept"
        same_instant = self.current is not None and self.current.accepted_at == now
        return "replaced" if same_instant and revision < self.revision else "revision_not_higher"

    def accept(self, encounter: EncounterAccepted, now: datetime) -> "Account":
        """With the encounter's revision standing."""
        revision = AcceptedRevision(
            revision=encounter.revision,
            event_id=encounter.partner_event_id,
            accepted_at=now,
            charge=sum(line.charge for line in encounter.lines),
            lines=len(encounter.lines),
            no_claim=encounter.no_claim,
        )
        return self.model_copy(update={"revisions": (*self.revisions, revision)})

    def withdraw(self, reason: str, now: datetime) -> "Account":
        """Cancelled for good."""
        return self.model_copy(update={"withdrawn_at": now, "withdrawn_reason": reason})

    def refuse(self, *codes: str, valid: bool) -> "Account":
        """With refusals noted; `valid` events are counted here, invalid ones with their event id."""
        return self.model_copy(
            update={
                "refusals": tuple(sorted({*self.refusals, *codes})),
                "rejected": self.rejected + int(valid),
            }
        )

    def category(self) -> str:
        """encounters = refused + no_claim + billed (DOMAIN §7): `refused`, `self_pay`, `uncoded`, `cancelled`, `billed`."""
        if self.withdrawn_at is not None:
            return "cancelled"
        if self.current is None:
            return "refused"
        return self.current.no_claim or "billed"
