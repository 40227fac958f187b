"""Files at doors: taken in order, put away beside."""

from pathlib import Path

import pytest

from services.clearinghouse.inbound_folders import folders, make_folders, put_away, waiting


@pytest.fixture
def door(tmp_path: Path) -> Path:
    make_folders(tmp_path, ("NORTHSTAR",))
    return tmp_path / "NORTHSTAR"


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
