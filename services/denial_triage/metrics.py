"""Every metric of denial_triage, declared once. A handler that runs again after a conflict counts again."""

from typing import Any

from prometheus_client import Counter

from schemas.events.denials import DecisionWanted, DenialClosed, DenialOpened, WayChosen
from services.chassis.verdicts import Outcome

OPENED = Counter("overturn_denials_opened_total", "Denials opened, by category and payer", ("category", "payer"))
OPENED_CENTS = Counter("overturn_denied_cents_total", "Denied cents when opened, by category", ("category",))
NO_WAY = Counter("overturn_denials_without_way_total", "Denials opened for which the table knows no way", ("category",))
CHOSEN = Counter("overturn_ways_chosen_total", "Ways chosen, by way and who chose", ("way", "by"))
WANTED = Counter(
    "overturn_denial_decisions_wanted_total", "Choices asked of people, by what is proposed; again: unanswered before",
    ("category", "proposed", "again"),
)  # fmt: skip
CLOSED = Counter("overturn_denials_closed_total", "Denials ended, by how and last way", ("how", "way"))
RECOVERED_CENTS = Counter("overturn_recovered_cents_total", "Cents recovered on ended denials, by last way", ("way",))


def observe(outcome: Outcome[Any]) -> None:
    """Count what an outcome says."""
    for emit in outcome.events:
        data = emit.data
        if isinstance(data, DenialOpened):
            OPENED.labels(data.category, data.payer_id).inc()
            OPENED_CENTS.labels(data.category).inc(data.cents)
            if not data.ways:
                NO_WAY.labels(data.category).inc()
        elif isinstance(data, WayChosen):
            CHOSEN.labels(data.way, data.chosen_by).inc()
        elif isinstance(data, DecisionWanted):
            WANTED.labels(data.category, data.proposed, str(data.asked > 1).lower()).inc()
        elif isinstance(data, DenialClosed):
            CLOSED.labels(data.how, data.way).inc()
            RECOVERED_CENTS.labels(data.way).inc(max(0, data.recovered))
