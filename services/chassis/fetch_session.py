"""Fetches that name only what moved (KIP-227): the broker remembers the rest of what this consumer reads.

aiokafka names every partition in every fetch, and the broker every one in its answer: with thirty partitions, most of
them silent, that was most of what a fetch cost on both sides.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping
from copy import copy
from typing import Any, TypeVar

from aiokafka.protocol.fetch import FetchRequest

FIRST_VERSION = 7
"""Of the fetch request that knows sessions (Kafka 1.1)."""
LAST_EPOCH = 2**31 - 1
Send = Callable[..., Awaitable[Any]]
Spot = tuple[str, int]
"""Topic and partition."""
Wanted = tuple[int, int]
"""Offset, and bytes at most."""
T = TypeVar("T")


def in_sessions(send: Send) -> Send:
    """Requests to brokers by node; fetches go in one session a node, everything else goes as it is."""
    sessions: dict[int, FetchSession] = defaultdict(FetchSession)

    async def sending(node: int, request: Any, **options: Any) -> Any:
        if not isinstance(request, FetchRequest):
            return await send(node, request, **options)
        session = sessions[node]
        try:
            response = await send(node, session.next(request), **options)
        except BaseException:  # cancelled too: what the broker knows of us is uncertain
            session.begin_anew()
            raise
        session.answered(response)
        return response

    return sending


class FetchSession:
    """What one broker remembers of our fetches; one fetch is under way at a time.

    Epoch 0 asks for a new session (and ends the one that is named); the broker answers with an error to any epoch that
    it does not expect, and we begin anew.
    """

    def __init__(self) -> None:
        self._id = 0
        self._epoch = 0
        self._known: dict[Spot, Wanted] = {}
        self._asked: dict[Spot, Wanted] = {}

    def next(self, whole: FetchRequest) -> "SessionRequest":
        """The request to send in place of one that names everything."""
        self._asked = {
            (topic, number): (offset, size) for topic, numbers in whole.topics for number, offset, size in numbers
        }
        known = self._known if self._epoch else {}
        changed = {spot: wanted for spot, wanted in self._asked.items() if known.get(spot) != wanted}
        forgotten = known.keys() - self._asked.keys()
        return SessionRequest(whole, self._id, self._epoch, changed, forgotten)

    def answered(self, response: Any) -> None:
        """Go on from the broker's answer: session 0 means that it keeps none for us."""
        if response.API_VERSION < FIRST_VERSION or response.error_code or not response.session_id:
            self.begin_anew()
            return
        self._id = response.session_id
        self._epoch = self._epoch + 1 if self._epoch < LAST_EPOCH else 1
        self._known = self._asked

    def begin_anew(self) -> None:
        """The next request names everything."""
        self._epoch = 0


class SessionRequest:
    """A fetch request that names what changed since the last one of its session."""

    def __init__(
        self, whole: FetchRequest, session: int, epoch: int, changed: Mapping[Spot, Wanted], forgotten: Iterable[Spot]
    ) -> None:
        self._whole = whole
        self._session = session, epoch
        self._changed = changed
        self._forgotten = forgotten

    def prepare(self, versions: Mapping[int, tuple[int, int]]) -> Any:
        """The request as it goes over the wire; one that names everything where the broker is older."""
        request = copy(self._whole)
        request._topics = by_topic((topic, (number, *wanted)) for (topic, number), wanted in self._changed.items())
        built = request.prepare(versions)
        if built.API_VERSION < FIRST_VERSION:
            return self._whole.prepare(versions)
        built.session_id, built.session_epoch = self._session
        built.forgotten_topics_data = by_topic(self._forgotten)
        return built


def by_topic(pairs: Iterable[tuple[str, T]]) -> list[tuple[str, list[T]]]:
    """What belongs to each topic, as requests list it."""
    found: dict[str, list[T]] = defaultdict(list)
    for topic, entry in pairs:
        found[topic].append(entry)
    return list(found.items())
