"""Files for the outside are laid down whole, once, or not at all; one that cannot go holds up no other."""

import asyncio
import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.chassis.delivery import ARCHIVE, TEMPORARY, Delivery, Parcel


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / ARCHIVE).mkdir()
    return tmp_path


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir() if entry.is_file())


async def test_a_file_is_delivered_whole_and_once(folder: Path) -> None:
    deliver = Delivery()
    await deliver(Parcel(folder, "1.837", b"ISA"))
    assert (folder / "1.837").read_bytes() == b"ISA"
    stamp = (folder / "1.837").stat().st_mtime_ns
    await deliver(Parcel(folder, "1.837", b"ISA"))
    assert (folder / "1.837").stat().st_mtime_ns == stamp
    assert names(folder) == ["1.837"]


async def test_what_was_taken_is_not_laid_down_again(folder: Path) -> None:
    (folder / ARCHIVE / "1.837").write_bytes(b"ISA")
    await Delivery()(Parcel(folder, "1.837", b"ISA"))
    assert names(folder) == []


async def test_what_a_crash_left_half_is_replaced(folder: Path) -> None:
    (folder / f"{TEMPORARY}1.837").write_bytes(b"IS")
    await Delivery()(Parcel(folder, "1.837", b"ISA"))
    assert names(folder) == ["1.837"]


async def test_files_asked_for_at_once_go_together_and_each_is_told_its_own_fate(folder: Path) -> None:
    deliver = Delivery()
    parcels = [Parcel(folder, f"{number}.json", bytes([number]) * 2000) for number in range(40)]
    lost = Parcel(folder / "gone", "x.json", b"x")
    ended = await asyncio.gather(*map(deliver, [*parcels, lost, *parcels]), return_exceptions=True)
    assert [type(end) for end in ended] == [*[type(None)] * 40, FileNotFoundError, *[type(None)] * 40]
    assert all(parcel.path.read_bytes() == parcel.content for parcel in parcels)
    assert len(names(folder)) == 40


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        yield


async def test_a_full_disk_leaves_nothing_behind(folder: Path, full_disk: None) -> None:
    with pytest.raises(OSError, match="No space"):
        await Delivery()(Parcel(folder, "1.837", b"ISA"))
    assert names(folder) == []
