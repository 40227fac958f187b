"""What a broker remembers of our fetches must at each accepted request be what we want to read (KIP-227)."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka.protocol.fetch import FetchRequest, FetchRequest_v11
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.fetch_session import in_sessions

UNKNOWN_SESSION, WRONG_EPOCH = 70, 71
Wanted = dict[tuple[str, int], int]


class Broker:
    """Sessions as Apache Kafka keeps them; `lost` names what goes wrong with the next request."""

    def __init__(self) -> None:
        self.sessions: dict[int, dict[tuple[str, int], int]] = {}
        self.epochs: dict[int, int] = {}
        self.numbers = 0
        self.understood: Wanted | None = None
        self.named = 0
        self.lost = ""

    async def send(self, node: int, request: Any) -> Any:
        sent = FetchRequest_v11.decode(request.prepare({1: (4, 17)}).encode())
        if self.lost == "request":
            raise ConnectionError
        answer = self._answer(sent)
        if self.lost == "answer":
            raise asyncio.CancelledError
        return answer

    def _answer(self, sent: Any) -> Any:
        named = {(topic, part[0]): part[2] for topic, parts in sent.topics for part in parts}
        number, epoch = sent.session_id, sent.session_epoch
        self.understood, self.named = None, len(named)
        if epoch == 0:
            self.sessions.pop(number, None)
            self.numbers += 1
            number = 0 if self.lost == "no room" else self.numbers
            self.sessions[number], self.epochs[number] = {}, 1
        elif number not in self.sessions:
            return SimpleNamespace(API_VERSION=11, error_code=UNKNOWN_SESSION, session_id=0, topics=[])
        elif epoch != self.epochs[number]:
            return SimpleNamespace(API_VERSION=11, error_code=WRONG_EPOCH, session_id=0, topics=[])
        else:
            self.epochs[number] += 1
        known = self.sessions[number]
        known.update(named)
        for topic, parts in sent.forgotten_topics_data:
            for part in parts:
                del known[topic, part]
        self.understood = dict(known)
        return SimpleNamespace(API_VERSION=11, error_code=0, session_id=number, topics=[])


def fetch(wanted: Wanted) -> FetchRequest:
    topics: dict[str, list[tuple[int, int, int]]] = {}
    for (topic, part), offset in wanted.items():
        topics.setdefault(topic, []).append((part, offset, 1000))
    return FetchRequest(500, 1, 10_000, 0, list(topics.items()))


steps = st.tuples(
    st.dictionaries(
        st.tuples(st.sampled_from(["claims.v1", "denials.v1"]), st.integers(0, 2)), st.integers(0, 3), min_size=1
    ),
    st.sampled_from(["", "", "", "request", "answer", "no room", "evicted"]),
)


@given(st.lists(steps, max_size=20))
def test_the_broker_always_understands_what_we_want(run: list[tuple[Wanted, str]]) -> None:
    async def play() -> None:
        broker = Broker()
        send = in_sessions(broker.send)
        for wanted, trouble in run:
            broker.lost, broker.understood = trouble, None
            if trouble == "evicted":
                broker.sessions.clear()
            try:
                answer = await send(1, fetch(wanted))
            except (ConnectionError, asyncio.CancelledError):
                continue
            if answer.error_code:  # nothing was read; the fetcher asks again at once, for everything
                broker.lost = ""
                answer = await send(1, fetch(wanted))
            assert not answer.error_code
            assert broker.understood == wanted

    asyncio.run(play())


async def test_a_fetch_names_only_what_moved() -> None:
    broker = Broker()
    send = in_sessions(broker.send)
    wanted = {("claims.v1", number): 0 for number in range(30)}
    await send(1, fetch(wanted))
    assert broker.named == 30
    wanted["claims.v1", 7] = 12
    await send(1, fetch(wanted))
    assert broker.named == 1


async def test_each_broker_has_its_own_session() -> None:
    brokers = {1: Broker(), 2: Broker()}

    async def send(node: int, request: Any) -> Any:
        return await brokers[node].send(node, request)

    sending = in_sessions(send)
    await sending(1, fetch({("claims.v1", 0): 5}))
    await sending(2, fetch({("claims.v1", 1): 5}))
    assert [broker.understood for broker in brokers.values()] == [{("claims.v1", 0): 5}, {("claims.v1", 1): 5}]


async def test_other_requests_go_as_they_are() -> None:
    seen: list[object] = []

    async def send(node: int, request: object, **options: object) -> str:
        seen.append((node, request, options))
        return "answer"

    assert await in_sessions(send)(3, "heartbeat", group=1) == "answer"
    assert seen == [(3, "heartbeat", {"group": 1})]


async def test_a_broker_without_sessions_is_told_everything_each_time() -> None:
    built: list[Any] = []

    async def send(node: int, request: Any) -> Any:
        built.append(request.prepare({1: (0, 6)}))
        return SimpleNamespace(API_VERSION=6, topics=[])

    sending = in_sessions(send)
    for _ in range(2):
        await sending(1, fetch({("claims.v1", 0): 5}))
    assert [request.topics for request in built] == [[("claims.v1", [(0, 5, -1, 1000)])]] * 2


@pytest.mark.parametrize("trouble", ["request", "answer"])
async def test_after_a_failure_everything_is_named_again(trouble: str) -> None:
    broker = Broker()
    send = in_sessions(broker.send)
    wanted = {("claims.v1", 0): 1, ("claims.v1", 1): 1}
    await send(1, fetch(wanted))
    broker.lost = trouble
    with pytest.raises((ConnectionError, asyncio.CancelledError)):
        await send(1, fetch(wanted))
    broker.lost = ""
    await send(1, fetch(wanted))
    assert broker.named == 2
