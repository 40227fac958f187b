"""Every metric of the clearinghouse, declared once. Labels are payers and kinds, never a patient, claim or file name."""

from collections.abc import Iterator
from typing import Any

from prometheus_client import Counter, Gauge

from schemas.events.envelope import EventData
from schemas.events.payer_inbound import REFUSED_HERE, ClaimAcknowledged, ClaimStatusAnswered, EligibilityAnswered
from services.chassis.verdicts import Outcome
from services.clearinghouse.domain.refusals import MISSING_DATA

FILES_SENT = Counter("overturn_clearinghouse_files_sent", "Files laid at a payer's door", ["payer", "kind"])
ITEMS_SENT = Counter(
    "overturn_clearinghouse_items_sent", "Claims, inquiries and packets in files sent", ["payer", "kind"]
)
FILES_READ = Counter("overturn_clearinghouse_files_read", "Files taken from a door", ["door", "state"])
ANSWERS = Counter("overturn_clearinghouse_answers", "Events made of files that came", ["door", "type"])
UNMATCHED = Counter("overturn_clearinghouse_unmatched", "Answers that belong to no claim or inquiry of ours", ["door"])
PAYMENTS = Counter(
    "overturn_clearinghouse_payments", "835 transactions by what became of them", ["door", "disposition"]
)
CLAIMS_PARKED = Counter("overturn_clearinghouse_claims_parked", "835 claims set aside", ["door"])
FILES_WAITING = Gauge("overturn_clearinghouse_files_waiting", "Files at a door that could not be taken yet", ["door"])
REFUSED = Counter(
    "overturn_clearinghouse_refused_here",
    "Claims and inquiries that no file could carry, by fault: the guide's place, the companion guide's rule, or our answer",
    ["payer", "fault"],
)


def observe(outcome: Outcome[Any]) -> None:
    """Count what an outcome says. A handler that runs again after a conflict counts again."""
    for emit in outcome.events:
        for payer_id, fault in _faults(emit.data):
            REFUSED.labels(payer_id, fault).inc()


def _faults(data: EventData) -> Iterator[tuple[str, str]]:
    if isinstance(data, ClaimAcknowledged) and data.transaction == REFUSED_HERE:
        yield from ((data.payer_id, fault) for fault in data.statuses)
    elif isinstance(data, EligibilityAnswered) and data.reject_codes == (MISSING_DATA,):
        yield data.payer_id, f"270 AAA03:{MISSING_DATA}"
    elif isinstance(data, ClaimStatusAnswered):
        yield from ((data.payer_id, f"276 STC01:{code}") for code in data.statuses)
