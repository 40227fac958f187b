"""A worker that has lost its place in the group ends, instead of taking it back.

A static member is answered UNKNOWN_MEMBER_ID, or FENCED_INSTANCE_ID, when a process of the same name has replaced it, or
when it was silent for longer than the session. The Kafka client would then join again under the name, which throws the
replacement out, whose client does the same: a process that was frozen and wakes beside its replacement would fight with
it for ever (seen: twice a second, four of five events written more than once, no progress).
"""

from collections.abc import Awaitable, Callable
from typing import Any

from aiokafka.protocol.commit import OffsetCommitRequest

from services.chassis.liveness import exit_now

EVICTED = frozenset((25, 82))
"""Kafka's error codes UNKNOWN_MEMBER_ID and FENCED_INSTANCE_ID."""
REASON = (
    "its place in the group is another's: a process of the same name has replaced it, or it was silent for too long"
)
Send = Callable[[Any], Awaitable[Any]]


def ending_when_evicted(send: Send, end_process: Callable[[str], None] = exit_now) -> Send:
    """Requests to the group's coordinator; the process ends at the first answer that knows it no more."""

    async def heeding(request: Any) -> Any:
        response = await send(request)
        if not EVICTED.isdisjoint(error_codes(response)):
            end_process(REASON)
        return response

    return heeding


def error_codes(response: Any) -> set[int]:
    """What a coordinator's answer says went wrong; a commit's says it by partition."""
    if response.API_KEY == OffsetCommitRequest.API_KEY:
        return {code for _, partitions in response.topics for _, code in partitions}
    return {getattr(response, "error_code", 0)}
