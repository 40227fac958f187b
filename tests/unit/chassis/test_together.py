"""Calls that come while one is under way go out as one; answers and failures reach all who asked."""

import asyncio
from collections.abc import Sequence

import pytest

from services.chassis.together import Together


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
