"""Staff: supervisors who approve or decline appeals that wait for them."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from deploy.local.actors.events import Heard, Record, command
from deploy.local.actors.policy import StaffPolicy
from deploy.local.payers.draws import between, happens
from schemas.events.appeals import ApprovalRequested
from schemas.events.commands import ApproveAppeal


class Staff:
    """All supervisors of a simulation."""

    def __init__(self, seed: int, policy: StaffPolicy) -> None:
        self._seed = seed
        self._policy = policy.approvals

    def act(self, day: date, events: Iterable[Heard]) -> Iterator[Record]:
        """The decisions of a day."""
        for event in events:
            if event.type != ApprovalRequested.TYPE:
                continue
            about = (self._seed, event.data["denial_id"], event.data["level"])
            days = self._policy.days
            due = event.day + timedelta(days=between(days.least, days.most, *about, "approves"))
            if due != day or happens(self._policy.unanswered_share, *about, "silent"):
                continue
            big = event.data["cents"] >= self._policy.approves_from_cents
            approve = big and not happens(self._policy.declines_share, *about, "declines")
            data = ApproveAppeal(denial_id=event.data["denial_id"], approve=approve)
            yield command(
                "staff", f"{event.data['denial_id']}-L{event.data['level']}-approval", event.subject, data, day
            )
