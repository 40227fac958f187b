"""The partner: publishes its encounters, and sends a higher revision when we ask for a correction."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

import orjson

from deploy.local.actors.events import Heard, Record
from deploy.local.actors.policy import PartnerPolicy
from deploy.local.payers.draws import between, happens
from deploy.local.population import Population
from deploy.local.population.times import DAY_ZERO
from schemas.events.partner import CorrectionRequested, EncounterSubmitted


class Partner:
    """One partner of a population."""

    def __init__(self, population: Population, policy: PartnerPolicy) -> None:
        self._population = population
        self._policy = policy
        self._topic = EncounterSubmitted.TOPIC.format(partner=population.partner)

    def act(self, day: date, requests: Iterable[Heard]) -> Iterator[Record]:
        """What it publishes on a day: what the calendar says, then the corrections that are due."""
        for publication in self._population.on((day - DAY_ZERO).days):
            yield Record(self._topic, publication.key, publication.value, day)
        for request in first_requests(requests):
            event = self._population.correction(request.data["event_id"])
            if event is not None and self.answer_day(request) == day:
                sent = {**event, "time": f"{day.isoformat()}T00:00:00Z"}
                yield Record(self._topic, event["subject"], orjson.dumps(sent), day)

    def answer_day(self, request: Heard) -> date | None:
        """When the partner answers; None: never."""
        about = (self._population.seed, request.data["event_id"])
        if happens(self._policy.ignores_share, *about, "ignores"):
            return None
        days = getattr(self._policy.answers, request.data["cause"])
        return request.day + timedelta(days=between(days.least, days.most, *about, "answers"))


def first_requests(requests: Iterable[Heard]) -> list[Heard]:
    """One request an event, the earliest: a revision is sent once."""
    first: dict[str, Heard] = {}
    for request in sorted(requests, key=lambda one: (one.day, one.id)):
        if request.type == CorrectionRequested.TYPE:
            first.setdefault(request.data["event_id"], request)
    return list(first.values())
