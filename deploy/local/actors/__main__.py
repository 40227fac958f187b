"""`python -m deploy.local.actors`: partners, patients and staff of a simulation, until they are told to stop."""

import os
import sys
from collections.abc import Iterator
from datetime import date

from deploy.local.actors.bus import Listener, Publisher
from deploy.local.actors.events import Record
from deploy.local.actors.partner import Partner
from deploy.local.actors.patients import Patients
from deploy.local.actors.policy import FOLDER, PartnerPolicy, PatientPolicy, PolicyFault, StaffPolicy, load_policy
from deploy.local.actors.staff import Staff
from deploy.local.clock import ClockGroup, follow
from deploy.local.payers.loading import PolicyError, load
from deploy.local.payers.simulator import surroundings
from deploy.local.population import build
from schemas.events.appeals import ApprovalRequested
from schemas.events.denials import DecisionWanted
from schemas.events.partner import CorrectionRequested
from schemas.events.patients import StatementIssued

POLL_MILLISECONDS = 100


class Actors:
    """All who act on their own, on one broker."""

    def __init__(self, bootstrap: str, prefix: str) -> None:
        where = surroundings()
        population = build(where.seed, where.encounters, load(where.payers_dir))
        self._requests = CorrectionRequested.TOPIC.format(partner=population.partner)
        self._partner = Partner(population, load_policy(PartnerPolicy, FOLDER / "partners.yaml"))
        self._patients = Patients(where.seed, load_policy(PatientPolicy, FOLDER / "patients.yaml"))
        self._staff = Staff(where.seed, load_policy(StaffPolicy, FOLDER / "staff.yaml"))
        topics = (self._requests, StatementIssued.TOPIC, ApprovalRequested.TOPIC, DecisionWanted.TOPIC)
        self._listener = Listener(bootstrap, prefix, topics)
        self._publisher = Publisher(bootstrap, prefix)

    def act(self, day: date) -> None:
        """Everything that a day brings, acknowledged; doing it again sends the same events with the same ids."""
        self._listener.to_end()
        self._publisher.publish(self._all(day))

    def _all(self, day: date) -> Iterator[Record]:
        events = self._listener.events
        yield from self._partner.act(day, events[self._requests].values())
        yield from self._patients.act(day, list(events[StatementIssued.TOPIC].values()))
        for topic in (ApprovalRequested.TOPIC, DecisionWanted.TOPIC):
            yield from self._staff.act(day, events[topic].values())

    def close(self) -> None:
        """Leave the broker."""
        self._listener.close()
        self._publisher.close()


def main() -> int:
    """Exit status 0 when told to stop, 70 when the broker took something and lost it, 78 for a wrong setting."""
    bootstrap = os.environ.get("KAFKA_BOOTSTRAP_SERVERS", "")
    if not bootstrap:
        print("KAFKA_BOOTSTRAP_SERVERS is not set: set it to the broker's host:port", file=sys.stderr)
        return 78
    if not surroundings().encounters:
        print("simulation.json in OVERTURN_STATE names no encounters: start a demo or a simulation", file=sys.stderr)
        return 78
    prefix = os.environ.get("OVERTURN_PREFIX", "")
    try:
        actors = Actors(bootstrap, prefix)
    except (PolicyError, PolicyFault, ValueError) as error:
        print(error, file=sys.stderr)
        return 78
    follow(ClockGroup(bootstrap, f"{prefix}clock.v1", f"{prefix}actors"), POLL_MILLISECONDS, actors.act)
    actors.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
