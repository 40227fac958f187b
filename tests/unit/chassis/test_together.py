"""Calls that come while one is under way go out as one; answers and failures reach all who asked."""

import asyncio
from collections.abc import Iterable, Sequence

import pytest

from schemas.document import Aggregate
from services.chassis.held import DocumentKey, Held
from services.chassis.recent import Loaded
from services.chassis.together import StoreTogether, Together
from services.chassis.verdicts import Retry


class Server:
    """Answers when let go; a call that holds a 0 fails."""

    def __init__(self) -> None:
        self.calls: list[list[int]] = []
        self.gate = asyncio.Event()
        self.ask = Together(self._answer)

    async def _answer(self, numbers: Sequence[int]) -> int:
        self.calls.append(list(numbers))
        await self.gate.wait()
        return 10 // min(numbers)


async def test_what_comes_meanwhile_goes_as_one() -> None:
    server = Server()
    first = asyncio.create_task(server.ask(1))
    await asyncio.sleep(0.01)
    others = [asyncio.create_task(server.ask(number)) for number in (2, 5)]
    await asyncio.sleep(0.01)
    server.gate.set()
    assert await first == 10
    assert await asyncio.gather(*others) == [5, 5]
    assert server.calls == [[1], [2, 5]]


async def test_a_failure_reaches_all_who_asked_and_none_after_them() -> None:
    server = Server()
    server.gate.set()
    ended = await asyncio.gather(server.ask(0), server.ask(5), return_exceptions=True)
    assert [type(end) for end in ended] == [ZeroDivisionError, ZeroDivisionError]
    assert await server.ask(5) == 2


async def test_one_who_gave_up_does_not_disturb_the_others() -> None:
    server = Server()
    first = asyncio.create_task(server.ask(1))
    await asyncio.sleep(0.01)
    patient, hasty = asyncio.create_task(server.ask(2)), asyncio.create_task(server.ask(5))
    await asyncio.sleep(0.01)
    hasty.cancel()
    server.gate.set()
    assert await first == 10
    assert await patient == 5
    with pytest.raises(asyncio.CancelledError):
        await hasty


async def test_who_waits_for_a_call_that_is_cut_off_is_told_and_the_next_is_answered() -> None:
    server = Server()
    first = asyncio.create_task(server.ask(1))
    await asyncio.sleep(0.01)
    second = asyncio.create_task(server.ask(2))
    await asyncio.sleep(0.01)
    assert server.ask._busy is not None
    server.ask._busy.cancel()
    ended = await asyncio.wait_for(asyncio.gather(first, second, return_exceptions=True), 1)
    assert [type(end) for end in ended] == [Retry, Retry]
    server.gate.set()
    assert await asyncio.wait_for(server.ask(5), 1) == 2


class Shelf:
    """A store whose query takes a moment."""

    async def load(self, keys: Iterable[DocumentKey]) -> Loaded:
        await asyncio.sleep(0.01)
        return {key: (Held(*key, version=3, seen=b"12345678"), ()) for key in keys}

    async def write(self, changed: Sequence[Held]) -> None:
        raise AssertionError("nothing is written here")

    async def stick(self, held: Held, effect_ids: Sequence[str]) -> None:
        raise AssertionError("nothing is stuck here")


async def test_two_who_load_one_document_together_work_on_copies_of_their_own() -> None:
    """Else what one has not written yet would be part of what the other writes, and nobody would write it."""
    store = StoreTogether(Shelf())
    busy = asyncio.create_task(store.load([(Aggregate, "other")]))
    await asyncio.sleep(0)
    one, other = await asyncio.gather(store.load([(Aggregate, "a")]), store.load([(Aggregate, "a")]))
    await busy
    held, rival = one[Aggregate, "a"][0], other[Aggregate, "a"][0]
    held.remember(b"8 octets")
    held.changed, held.state = True, Aggregate()
    assert (rival.version, rival.seen, rival.changed, rival.state) == (3, b"12345678", False, None)
