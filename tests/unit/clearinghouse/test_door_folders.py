"""Files at doors: laid down whole or not at all, taken in order, put away beside."""

import errno
from pathlib import Path

import pytest

from services.clearinghouse.inbound_folders import folders, make_folders, put_away, waiting
from services.clearinghouse.outbound_door import deliver


@pytest.fixture
def door(tmp_path: Path) -> Path:
    make_folders(tmp_path, ("NORTHSTAR",))
    return tmp_path / "NORTHSTAR"


def test_a_file_is_delivered_whole_and_once(door: Path) -> None:
    folder = door / "to_payer"
    deliver(folder, "000000001.837", b"ISA")
    assert (folder / "000000001.837").read_bytes() == b"ISA"
    stamp = (folder / "000000001.837").stat().st_mtime_ns
    deliver(folder, "000000001.837", b"ISA")
    assert (folder / "000000001.837").stat().st_mtime_ns == stamp
    assert [entry.name for entry in folder.iterdir()] == ["000000001.837"]


def test_what_the_payer_took_is_not_laid_down_again(door: Path) -> None:
    archive = door / "to_payer" / "archive"
    archive.mkdir()
    (archive / "000000001.837").write_bytes(b"ISA")
    deliver(door / "to_payer", "000000001.837", b"ISA")
    assert not (door / "to_payer" / "000000001.837").exists()


def test_what_a_crash_left_half_is_replaced(door: Path) -> None:
    (door / "to_payer" / ".tmp-000000001.837").write_bytes(b"IS")
    deliver(door / "to_payer", "000000001.837", b"ISA")
    assert [entry.name for entry in (door / "to_payer").iterdir()] == ["000000001.837"]


def test_a_folder_that_is_away_is_told(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        deliver(tmp_path / "gone" / "to_payer", "000000001.837", b"ISA")


def test_a_full_disk_leaves_nothing_behind(door: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "no space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError):
        deliver(door / "to_payer", "000000001.837", b"ISA")
    assert not list((door / "to_payer").iterdir())


def test_files_wait_in_the_order_of_their_names_and_unfinished_ones_are_left_alone(door: Path) -> None:
    inbox = door / "from_payer"
    for name in ("b.835", "a.835", ".tmp-c.835", "d.835.part", ".hidden"):
        (inbox / name).write_bytes(b"x")
    (inbox / "archive").mkdir()
    (folder,) = folders(door.parent)
    assert [arrival.path.name for arrival in waiting(folder)] == ["a.835", "b.835"]


def test_a_take_over_door_names_its_client_and_no_payer(tmp_path: Path) -> None:
    (tmp_path / "takeover-acme" / "from_payer").mkdir(parents=True)
    (tmp_path / "takeover-Bad Name" / "from_payer").mkdir(parents=True)
    (tmp_path / "statements" / "to_patients").mkdir(parents=True)
    (folder,) = folders(tmp_path)
    assert (folder.payer_id, folder.client) == ("", "acme")


def test_a_file_is_put_away_beside_and_never_over_another(door: Path) -> None:
    inbox = door / "from_payer"
    for content in (b"1", b"2"):
        (inbox / "a.835").write_bytes(content)
        (folder,) = folders(door.parent)
        (arrival,) = waiting(folder)
        put_away(arrival, "archive")
    assert sorted(entry.read_bytes() for entry in (inbox / "archive").iterdir()) == [b"1", b"2"]
    put_away(arrival, "archive")


def test_the_same_name_with_new_bytes_is_another_arrival(door: Path) -> None:
    path = door / "from_payer" / "a.835"
    path.write_bytes(b"1")
    (folder,) = folders(door.parent)
    (first,) = waiting(folder)
    (again,) = waiting(folder)
    assert again.stamp == first.stamp
    put_away(first, "archive")
    path.write_bytes(b"1")
    (second,) = waiting(folder)
    assert second.stamp != first.stamp
