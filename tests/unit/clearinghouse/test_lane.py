"""A lane gathers for a day, closes once into files, and never changes a file again."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.directory import PayerDirectory
from schemas.document import NoUpgrade
from schemas.events.envelope import Event
from schemas.events.payer_outbound import AppealPacket, BillPhi, ClaimBill
from services.clearinghouse.domain import lane as lanes
from services.clearinghouse.domain.carry import item_of, sender_of
from services.clearinghouse.domain.lane import CLAIM, Item, Lane, LaneFull, Sender, add, close, cut, next_midnight

SENDER = Sender(submitter_id="O", submitter_name="O", interchange_id="N", payer_name="N", filing_indicator="CI")
EMPTY = Lane(payer_id="NORTHSTAR", partition=2, day=date(2026, 1, 9))


def item(ref: str, kind: str = CLAIM) -> Item:
    return Item(kind=kind, ref=ref, subject="S", phi=ref)


def filled(refs: list[str], now: datetime, kind: str = CLAIM) -> Lane:
    lane = EMPTY
    for ref in refs:
        lane = add(lane, item(ref, kind), now)
    return lane


def test_the_first_item_arms_the_close_at_the_next_midnight(now: datetime) -> None:
    noon = now + timedelta(hours=12)
    lane = add(EMPTY, item("A"), noon)
    assert lane.timers == {"close": now + timedelta(days=1)}
    assert add(lane, item("B"), noon + timedelta(hours=5)).timers == lane.timers


def test_of_one_ref_the_first_is_sent_and_sent_once(now: datetime) -> None:
    first, second = (item("A").model_copy(update={"phi": text}) for text in ("x", "y"))
    lane = add(add(EMPTY, first, now), second, now)
    closed, batches = close(lane, SENDER, next_midnight(now))
    assert [batch.sets for batch in batches] == [(("A",),)]
    assert closed.by_ref()["A"] is first
    later = add(closed, second, next_midnight(now))
    assert close(later, SENDER, next_midnight(next_midnight(now)))[1] == ()


@given(st.permutations([f"C{number:03d}" for number in range(7)]))
def test_files_do_not_depend_on_the_order_of_arrival(refs: list[str]) -> None:
    now = datetime.fromisoformat("2026-01-09T00:00:00+00:00")
    _, batches = close(filled(refs, now), SENDER, next_midnight(now))
    assert [batch.sets for batch in batches] == [(tuple(sorted(refs)),)]


@given(st.integers(0, 2000))
def test_every_item_stands_in_exactly_one_set_of_at_most_fifty(count: int) -> None:
    refs = [f"{number:05d}" for number in range(count)]
    files, rest = cut(CLAIM, refs)
    sets = [part for file in files for part in file]
    assert [ref for part in sets for ref in part] == refs
    assert not rest
    assert len(files) <= lanes.MAX_FILES
    assert all(1 <= len(part) <= lanes.SET_SIZE for part in sets)


def test_what_comes_after_the_close_goes_with_the_next_and_old_files_stay(now: datetime) -> None:
    closed, first = close(filled(["A"], now).model_copy(update={"timers": {}}), SENDER, now)
    later = add(closed, item("B"), now + timedelta(minutes=1))
    assert later.timers
    again, second = close(later, SENDER, now + timedelta(days=1))
    assert again.batches == (*first, *second)
    assert [batch.number for batch in again.batches] == [1, 2]
    assert second[0].sets == (("B",),)


def test_packets_beyond_a_closes_limit_wait_for_the_next(now: datetime) -> None:
    refs = [f"A{number:03d}" for number in range(lanes.MAX_PACKETS + 3)]
    lane = filled(refs, now, lanes.APPEAL)
    closed, first = close(lane.model_copy(update={"timers": {}}), SENDER, now)
    assert len(first) == lanes.MAX_PACKETS
    assert closed.timers == {"close": next_midnight(now)}
    _, second = close(closed, SENDER, now)
    assert [batch.sets[0][0] for batch in second] == refs[-3:]


def test_a_lane_that_is_full_says_so(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "MAX_ITEMS", 2)
    with pytest.raises(LaneFull):
        filled(["A", "B", "C"], now)


def test_phi_is_kept_apart_from_the_items(
    bill: Callable[..., ClaimBill],
    bill_phi: BillPhi,
    event: Callable[..., Event[Any, Any]],
    directory: PayerDirectory,
    now: datetime,
) -> None:
    asked = event(bill(), bill_phi)
    lane = add(EMPTY, item_of(asked, SENDER), now)
    assert "Tamblyn" in lane.model_dump_json()
    body = lane.model_dump_json(exclude={"items": {"__all__": {"phi"}}})
    assert "Tamblyn" not in body and "MBR0001234" not in body
    assert sender_of(directory, directory.payers[0]).payer_name == "Northstar Health"


def test_a_packet_is_named_by_its_appeal(packet: AppealPacket, event: Callable[..., Event[Any, Any]]) -> None:
    assert item_of(event(packet), SENDER).ref == packet.appeal_id


def test_a_lane_without_a_number_is_read_where_its_items_are_texts_and_refused_where_they_are_events(
    now: datetime,
) -> None:
    texts = filled(["A1", "A2"], now).model_dump(mode="json")
    assert lanes.with_texts(texts) == texts
    events = {**texts, "items": [{**texts["items"][0], "body": {}, "phi": None}]}
    with pytest.raises(NoUpgrade, match="hold events, no texts"):
        lanes.with_texts(events)
