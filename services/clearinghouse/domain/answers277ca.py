"""277CA (005010X214): one acknowledgement a claim; a refused receiver or provider refuses all below it."""

from collections.abc import Iterator, Sequence
from datetime import date

from schemas.events.lanes import GroupAcknowledged, SetVerdict
from schemas.events.payer_inbound import ClaimAcknowledged
from schemas.x12 import ClaimAck277CA, ClaimStatusCA, ReceiverAck, Status
from services.clearinghouse.domain.answers999 import group_draft
from services.clearinghouse.domain.drafts import KEY_LENGTH, Draft, Origin, own_claim

VERDICTS = {
    "A3": "rejected",
    "A6": "rejected",
    "A7": "rejected",
    "A8": "rejected",
    "A5": "split",
    "A4": "not_found",
    "A2": "accepted",
}
"""STC01-1 by weight: the first of these that a claim carries is its verdict; A0 and A1 are receipt only (DOMAIN §3)."""
REJECTED = frozenset({"A3", "A6", "A7", "A8"})


def drafts(answer: ClaimAck277CA, st: int, origin: Origin) -> Iterator[Draft]:
    """One ClaimAcknowledged a claim of ours; claims of others are left to `unmatched`."""
    number = 0
    for source in answer.sources:
        day = next((entry.date for entry in source.dates if entry.qualifier == "009"), None) or origin.recorded_on
        for receiver in source.receivers:
            yield from _whole_set(receiver, st, day, origin)
            for provider in receiver.providers:
                for claim in provider.claims:
                    number += 1
                    yield from _claim(claim, [*receiver.statuses, *provider.statuses], f"{st}/{number}", day, origin)


def unmatched(answer: ClaimAck277CA) -> int:
    """How many acknowledged claims are not ours by their number."""
    claims = (c for s in answer.sources for r in s.receivers for p in r.providers for c in p.claims)
    return sum(own_claim(claim.claim_id) is None for claim in claims)


def _claim(claim: ClaimStatusCA, above: Sequence[Status], place: str, day: date, origin: Origin) -> Iterator[Draft]:
    ours = own_claim(claim.claim_id)
    if ours is None:
        return
    refused_above = [status for status in above if status.category in REJECTED]
    statuses = [*claim.statuses, *refused_above]
    data = ClaimAcknowledged(
        claim_id=ours,
        payer_id=origin.payer_id,
        transaction="277CA",
        verdict=verdict(statuses),
        statuses=tuple(text for status in statuses for text in composites(status)),
        payer_control_number=claim.payer_control_number or None,
        answered_on=next((status.date for status in claim.statuses if status.date), None) or day,
    )
    yield Draft(place, ours[:KEY_LENGTH], data)


def verdict(statuses: Sequence[Status]) -> str:
    """The weightiest category of the statuses, further ones (STC10, STC11) too."""
    found = {category for status in statuses for category in (status.category, *(more[0] for more in status.more))}
    return next((word for category, word in VERDICTS.items() if category in found), "received")


def composites(status: Status) -> Iterator[str]:
    """STC01, STC10 and STC11 as `A7:562:85`; codes of another list with its name, `R4:18842-5::LOI`."""
    for parts in ((status.category, status.code, status.entity, status.code_list), *status.more):
        if parts[0]:
            yield ":".join(parts).rstrip(":")


def _whole_set(receiver: ReceiverAck, st: int, day: date, origin: Origin) -> Iterator[Draft]:
    """A set refused at the receiver's level, or at its only provider's, names no claims: the lane knows them by BHT03."""
    refused = _refusing(receiver.statuses)
    if not refused and len(receiver.providers) == 1 and not receiver.providers[0].claims:
        refused = _refusing(receiver.providers[0].statuses)
    if not refused or any(provider.claims for provider in receiver.providers):
        return
    codes = tuple(text for status in refused for text in composites(status))
    for trace in receiver.traces:
        verdict_of_set = SetVerdict(set_control=trace.number[9:], verdict="R", codes=codes)
        group = GroupAcknowledged(
            group_control=trace.number[:9], group_verdict="R", sets=(verdict_of_set,), answered_on=day
        )
        yield from group_draft(f"{st}/set/{trace.number}", group, origin)


def _refusing(statuses: Sequence[Status]) -> list[Status]:
    return [status for status in statuses if status.category in REJECTED]
