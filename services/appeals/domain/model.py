"""What appeals knows of one account: its packets, and whose they are."""

from datetime import UTC, date, datetime, time

from schemas.document import Aggregate, Phi
from schemas.events.denials import WayChosen
from schemas.events.encounters import Member
from schemas.events.payer_outbound import AppealPhi
from schemas.events.values import Cents, Person, Value
from services.appeals.domain.encounter import MembersPhi

TIMER = "desk"
KINDS = ("appeal", "reconsideration", "documents")


class People(Phi):
    """Patient and memberships of one revision of the encounter; `payers` in the order of `members`."""

    payers: tuple[str, ...]
    patient: Person
    members: tuple[Member, ...]

    @classmethod
    def of(cls, payers: tuple[str, ...], phi: MembersPhi) -> "People":
        """From an accepted encounter."""
        return cls(payers=payers, patient=phi.patient, members=phi.members)

    def at(self, payer_id: str) -> AppealPhi | None:
        """Whom a packet to this payer is about; None where they are no member of it."""
        pairs = zip(self.payers, self.members, strict=False)
        member = next((member for payer, member in pairs if payer == payer_id), None)
        return AppealPhi(patient=self.patient, member=member) if member else None


class AppealsPhi(Phi):
    """The people as they are known now and as they were known before today's revision."""

    latest: People
    learned_on: date
    before: People | None = None

    def learn(self, people: People, today: date) -> "AppealsPhi":
        """With a newer revision's people."""
        before = self.latest if self.learned_on < today else self.before
        return AppealsPhi(latest=people, learned_on=today, before=before)

    def morning(self, today: date) -> People:
        """As known this morning, so that the order of a day's events does not matter."""
        return self.latest if self.learned_on < today or self.before is None else self.before


class Appeal(Value):
    """One packet: an appeal at a level, a reconsideration, or documents that the payer asked for."""

    appeal_id: str
    request: WayChosen
    last_day: date
    status: str = "waiting"
    """waiting (for approval) | filed | closed | refused."""
    decide_by: date | None = None
    filed_on: date | None = None
    expected_by: date | None = None
    overdue_on: date | None = None
    """On this morning we stop waiting for the payer's decision."""
    decision: str = ""
    """What the payer decided, late decisions too; empty: nothing yet."""
    reason: str = ""
    decided_on: date | None = None

    @property
    def kind(self) -> str:
        """appeal | reconsideration | documents."""
        return self.request.way

    @property
    def counts(self) -> bool:
        """Whether it is one of `appeals_filed` (DOMAIN §7): documents are no appeal."""
        return self.kind != "documents" and self.filed_on is not None

    @property
    def cents(self) -> Cents:
        """Denied cents that it is about."""
        return self.request.cents

    @property
    def due(self) -> date | None:
        """The next morning on which it needs something done without news."""
        return {"waiting": self.decide_by, "filed": self.overdue_on}.get(self.status)


class Appeals(Aggregate):
    """The packets of one account."""

    revision: int = 0
    appeals: tuple[Appeal, ...] = ()
    phi: AppealsPhi | None = None

    def get(self, appeal_id: str) -> Appeal | None:
        """A packet by its id."""
        return next((appeal for appeal in self.appeals if appeal.appeal_id == appeal_id), None)

    def with_appeal(self, appeal: Appeal) -> "Appeals":
        """With a packet added or in a new state, and the desk's timer set for the first that is due."""
        known = self.get(appeal.appeal_id) is not None
        same = appeal.appeal_id
        kept = tuple(appeal if a.appeal_id == same else a for a in self.appeals)
        return self.model_copy(update={"appeals": kept if known else (*self.appeals, appeal)}).planned()

    def planned(self) -> "Appeals":
        """With the desk's timer at the first morning that needs something."""
        first = min((appeal.due for appeal in self.appeals if appeal.due is not None), default=None)
        if first is None:
            return self.model_copy(update={"timers": self.disarmed(TIMER)})
        return self.model_copy(update={"timers": self.armed(TIMER, datetime.combine(first, time.min, UTC))})
