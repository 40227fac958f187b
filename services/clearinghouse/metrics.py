"""Every metric of the clearinghouse, declared once. Labels are payers and kinds, never a patient, claim or file name."""

from typing import Any

from prometheus_client import Counter, Gauge

from schemas.events.payer_inbound import REFUSED_HERE, ClaimAcknowledged
from services.chassis.verdicts import Outcome

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
    "Claims that no file could carry, by each fault: the guide's place or the companion guide's rule",
    ["payer", "fault"],
)


def observe(outcome: Outcome[Any]) -> None:
    """Count what an outcome says. A handler that runs again after a conflict counts again."""
    for emit in outcome.events:
        data = emit.data
        if isinstance(data, ClaimAcknowledged) and data.transaction == REFUSED_HERE:
            for fault in data.statuses:
                REFUSED.labels(data.payer_id, fault).inc()
