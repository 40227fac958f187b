"""A file on which our reader breaks is set aside alone: its neighbours go through, and it goes on when it comes again."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase

from schemas.directory import PayerDirectory
from schemas.events.payer_inbound import ClaimAnswered
from services.chassis.crypto import Cipher, create_key_file, load_keys
from services.chassis.identity import Identity
from services.chassis.publisher import Publication
from services.chassis.verdicts import Fatal
from services.clearinghouse import inbound_source
from services.clearinghouse.blobs import Blobs
from services.clearinghouse.check_records import CheckRecords
from services.clearinghouse.inbound_content import Content
from services.clearinghouse.inbound_source import MOST_SET_ASIDE, InboundSource
from services.clearinghouse.manifests import Delivery, Manifests
from tests.integration.clearinghouse_kit import DAY, PAYER, PROFILE, until
from tests.integration.test_clearinghouse_in import claim_ids, remittance

pytestmark = pytest.mark.stack
BROKEN = b"TRN*1*BROKEN"
NAMES = ("a.835", "b.835", "c.835", "d.835", "e.835")


class Desk:
    """A source of answers over a real database; what it publishes is kept here."""

    def __init__(self, database: AsyncDatabase[dict[str, Any]], folder: Path) -> None:
        create_key_file(folder / "keys.json", 1)
        keys = load_keys(folder / "keys.json")
        self.inbox = folder / "doors" / PAYER / "from_payer"
        self.inbox.mkdir(parents=True)
        self.manifests = Manifests(database["files"])
        self.published: list[Publication] = []
        self.unpublishable = ""
        self.source = InboundSource(
            folder / "doors",
            PayerDirectory(payers=(PROFILE,)),
            Identity(keys.identity()),
            Blobs(database["chunks"], Cipher(keys)),
            self.manifests,
            CheckRecords(database["checks"]),
        )

    async def publish(self, publications: Sequence[Publication]) -> None:
        for publication in publications:
            if self.unpublishable and getattr(publication.data, "claim_id", None) == self.unpublishable:
                raise ValueError("JOAN TAMBLYN")
        self.published += publications

    async def latest(self) -> datetime:
        return DAY

    def leave(self, *names: str, broken: str = "") -> None:
        """One check a file; the one that is named breaks our reader."""
        for at, name in enumerate(names):
            trace = "BROKEN" if name == broken else f"T{at}"
            (self.inbox / name).write_bytes(remittance([self.claim(at)], trace=trace))

    @staticmethod
    def claim(at: int) -> str:
        return claim_ids(5)[at]

    async def work(self) -> None:
        """Until nothing waits at the door."""
        stop = asyncio.Event()
        running = asyncio.create_task(self.source.run(self, self, lambda door: True, stop))
        try:
            await until(lambda: running.done() or not self.at(""), "the door is empty", 20)
        finally:
            stop.set()
        await running

    def at(self, where: str) -> list[str]:
        folder = self.inbox / where
        return sorted(path.name for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []

    def told(self) -> dict[str, list[str | None]]:
        """Ids of the events about answered claims, and whose answer each is."""
        found: dict[str, list[str | None]] = {}
        for publication in self.published:
            if isinstance(publication.data, ClaimAnswered):
                found.setdefault(publication.id, []).append(publication.data.claim_id)
        return found

    async def delivery(self, name: str) -> Delivery:
        return (await self.manifests.delivered([name]))[name][1]


@pytest_asyncio.fixture
async def desk(mongodb: str, prefix: str, tmp_path: Path) -> AsyncIterator[Desk]:
    client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(mongodb, tz_aware=True)
    database = client[f"{prefix}clearinghouse"]
    yield Desk(database, tmp_path)
    await client.drop_database(database)
    await client.close()


class Breaking(Content):
    """A reader with an error, after part of the file was told."""

    async def slices(self) -> AsyncIterator[Any]:
        async for part in super().slices():
            yield part
            if BROKEN in self._content:
                raise KeyError("JOAN TAMBLYN")


@pytest.fixture
def breaking(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setattr(inbound_source, "Content", Breaking)
    return monkeypatch


async def test_the_neighbours_of_a_file_that_breaks_the_reader_go_through(
    desk: Desk, breaking: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    desk.leave(*NAMES, broken="c.835")
    await desk.work()
    assert desk.at("archive") == ["a.835", "b.835", "d.835", "e.835"]
    assert desk.at("unreadable") == ["c.835"]
    delivery = await desk.delivery("c.835")
    assert (delivery.state, delivery.reason) == ("unreadable", "reader_failed")
    assert delivery.place.startswith("KeyError at test_clearinghouse_broken.py:")
    assert {claims[0] for claims in desk.told().values()} >= {desk.claim(at) for at in (0, 1, 3, 4)}
    assert "is set aside for an error of ours: KeyError at" in caplog.text
    assert "JOAN" not in caplog.text


@pytest.mark.parametrize("name", ["c.835", "again.835"])
async def test_what_was_set_aside_goes_on_when_it_comes_again(
    desk: Desk, breaking: pytest.MonkeyPatch, name: str
) -> None:
    desk.leave(*NAMES, broken="c.835")
    await desk.work()
    breaking.undo()
    content = (desk.inbox / "unreadable" / "c.835").read_bytes()
    if name == "c.835":
        (desk.inbox / "unreadable" / name).rename(desk.inbox / name)
    else:
        (desk.inbox / name).write_bytes(content)
    await desk.work()
    assert name in desk.at("archive")
    delivery = await desk.delivery(name)
    assert delivery.state == "read"
    assert [payment.disposition for payment in delivery.payments] == ["posted"]
    told = desk.told()
    assert sorted({claims[0] for claims in told.values()}, key=str) == sorted(desk.claim(at) for at in range(5))
    assert len(told) == 5, "an answer was told again under another id"


async def test_an_event_that_cannot_be_written_sets_its_own_file_aside(desk: Desk) -> None:
    desk.leave(*NAMES)
    desk.unpublishable = desk.claim(1)
    await desk.work()
    assert desk.at("unreadable") == ["b.835"]
    assert desk.at("archive") == ["a.835", "c.835", "d.835", "e.835"]
    assert (await desk.delivery("b.835")).place.startswith("ValueError at test_clearinghouse_broken.py:")


async def test_where_every_file_breaks_the_reader_the_process_ends_and_the_rest_stays(
    desk: Desk, breaking: pytest.MonkeyPatch
) -> None:
    for at in range(MOST_SET_ASIDE + 2):
        (desk.inbox / f"{at}.835").write_bytes(remittance([f"C{at}"], trace=f"BROKEN{at}"))
    with pytest.raises(Fatal, match="5 files in a row met an error of ours"):
        await desk.work()
    assert len(desk.at("unreadable")) == MOST_SET_ASIDE
    assert len(desk.at("")) == 2
