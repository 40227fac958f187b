"""What a lane did, for the digest of a run: what was sent to whom on which virtual day; no file, no control number.

A receipt (999, TA1) is about a file, so it is no fact.
"""

from schemas.document import Aggregate
from services.clearinghouse.domain.lane import RECEIPTS, Lane


def facts(key: str, state: Aggregate) -> list[str]:
    """One fact an item that was sent, refused or withheld, or that still waits."""
    if not isinstance(state, Lane):
        return []
    sent = {found.ref: f"withheld {found.withheld_on}" for found in state.withheld}
    for batch in state.batches:
        for at, refs in enumerate(batch.sets, 1):
            word = "refused" if f"{at:04d}" in batch.refused else "sent"
            sent.update(dict.fromkeys(refs, f"{word} {batch.closed_at.date()}"))
    return [
        f"{state.payer_id} {item.kind} {item.ref} {sent.get(item.ref, 'open')}"
        for item in state.items
        if item.kind not in RECEIPTS
    ]
