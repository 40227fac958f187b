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
    assert all(Path(parcel.path).read_bytes() == parcel.content for parcel in parcels)
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


async def test_a_folder_that_is_none_and_a_name_that_is_refused_hold_up_no_other(folder: Path) -> None:
    (folder / "file").write_bytes(b"")
    parcels = [
        Parcel(folder / "file", "a.837", b"ISA"),
        Parcel(folder, "taken.837", b"ISA"),
        Parcel(folder, "b.837", b"ISA"),
    ]
    renamed = os.rename

    def rename(source: str, target: str) -> None:
        if target.endswith("/taken.837"):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        renamed(source, target)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("os.rename", rename)
        ended = await asyncio.gather(*map(Delivery(), parcels), return_exceptions=True)
    assert [type(end) for end in ended] == [NotADirectoryError, PermissionError, type(None)]
    assert names(folder) == ["b.837", "file"]


async def test_of_two_contents_under_one_name_the_first_is_laid_down_whole(folder: Path) -> None:
    deliver = Delivery()
    busy = deliver(Parcel(folder, "0.837", b"ISA"))
    await asyncio.gather(busy, *(deliver(Parcel(folder, "1.837", content)) for content in (b"a" * 99_999, b"b" * 9)))
    assert (folder / "1.837").read_bytes() == b"a" * 99_999
    assert names(folder) == ["0.837", "1.837"]
