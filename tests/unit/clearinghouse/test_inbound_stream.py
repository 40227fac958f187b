"""Events of files go out in order, little ones together, and nothing behind what the broker did not take."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from aiokafka.errors import KafkaError
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.publisher import Publication
from services.clearinghouse import inbound_source
from services.clearinghouse.inbound_folders import Arrival, Folder
from services.clearinghouse.inbound_source import windows
from services.clearinghouse.inbound_stream import ENOUGH, Stream
from tests.unit.clearinghouse.conftest import NOW

DOOR = Folder("NORTHSTAR", Path("from_payer"), "NORTHSTAR")


class Broker:
    """Takes publications until it is told to fail."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.away = False

    async def publish(self, publications: Sequence[Publication]) -> None:
        if self.away:
            raise KafkaError
        self.batches.append([publication.id for publication in publications])


def events(count: int, name: str) -> list[Publication]:
    data: Any = None
    return [Publication(id=f"{name}{number}", key="k", data=data, time=NOW) for number in range(count)]


async def test_little_ones_wait_for_each_other_and_order_stays() -> None:
    broker = Broker()
    stream = Stream(broker)
    for name in "abc":
        await stream.add(events(2, name))
    await stream.add(events(ENOUGH, "d"))
    await stream.add(events(1, "e"))
    await stream.end()
    assert [len(batch) for batch in broker.batches] == [6 + ENOUGH, 1]
    assert [one for batch in broker.batches for one in batch][:7] == ["a0", "a1", "b0", "b1", "c0", "c1", "d0"]


async def test_nothing_goes_out_behind_what_did_not() -> None:
    broker = Broker()
    stream = Stream(broker)
    await stream.add(events(ENOUGH, "a"))
    broker.away = True
    with pytest.raises(KafkaError):
        await stream.add(events(ENOUGH, "b"))
    broker.away = False
    with pytest.raises(KafkaError):
        await stream.end()
    assert broker.batches == []


@given(st.lists(st.integers(0, 5_000_000), max_size=60))
def test_every_file_is_taken_once_in_order_few_at_a_time(sizes: list[int]) -> None:
    found = [Arrival(DOOR, Path(str(number)), size, "s") for number, size in enumerate(sizes)]
    taken = list(windows(found))
    assert [arrival for some in taken for arrival in some] == found
    for some in taken:
        assert len(some) <= inbound_source.MOST_FILES
        assert len(some) == 1 or sum(arrival.size for arrival in some) <= inbound_source.MOST_BYTES
