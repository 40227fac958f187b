"""Staff: supervisors who approve or decline appeals that wait for them, and write-offs that triage may not make alone."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from deploy.local.actors.events import Heard, Record, command
from deploy.local.actors.policy import StaffPolicy
from deploy.local.payers.draws import between, happens
from deploy.local.payers.model.base import Days
from schemas.events.appeals import ApprovalRequested
from schemas.events.commands import ApproveAppeal, ChooseWay
from schemas.events.denials import DecisionWanted


class Staff:
    """All supervisors of a simulation."""

    def __init__(self, seed: int, policy: StaffPolicy) -> None:
        self._seed = seed
        self._policy = policy

    def act(self, day: date, events: Iterable[Heard]) -> Iterator[Record]:
        """The decisions of a day."""
        for event in events:
            if event.type == ApprovalRequested.TYPE:
                yield from self._approval(day, event)
            elif event.type == DecisionWanted.TYPE and event.data["proposed"] == "write_off":
                yield from self._write_off(day, event)

    def _approval(self, day: date, event: Heard) -> Iterator[Record]:
        policy = self._policy.approvals
        denial_id, level = event.data["denial_id"], event.data["level"]
        about = (self._seed, denial_id, level)
        if not _due(event, day, policy.days, *about, "approves") or happens(policy.unanswered_share, *about, "silent"):
            return
        big = event.data["cents"] >= policy.approves_from_cents
        approve = big and not happens(policy.declines_share, *about, "declines")
        data = ApproveAppeal(denial_id=denial_id, approve=approve)
        yield command("staff", f"{denial_id}-L{level}-approval", event.subject, data, day)

    def _write_off(self, day: date, event: Heard) -> Iterator[Record]:
        policy = self._policy.write_offs
        denial_id, asked = event.data["denial_id"], event.data["asked"]
        about = (self._seed, denial_id, asked, str(event.day))
        if not _due(event, day, policy.days, *about, "agrees") or happens(policy.declines_share, *about, "keeps"):
            return
        data = ChooseWay(denial_id=denial_id, way="write_off")
        yield command("staff", f"{denial_id}-write-off-{event.day}", event.subject, data, day)


def _due(event: Heard, day: date, days: Days, *about: object) -> bool:
    return event.day + timedelta(days=between(days.least, days.most, *about)) == day
