"""The bare loop carries what the run carried: as many messages, inserts and updates, however its batches are cut."""

import orjson
from hypothesis import given
from hypothesis import strategies as st
from pymongo import InsertOne, UpdateOne

from deploy.local.bench.bare_loop import Due, Share, Writes, event

CUTS = st.lists(st.integers(1, 500), min_size=1, max_size=60)


def share(inserts: float, updates: float) -> Share:
    return Share("", "", "", "", "", 4, 0, 70, 100, 1.0, inserts, updates)


@given(CUTS, st.floats(0, 3))
def test_what_is_due_adds_up_over_any_batches(cuts: list[int], rate: float) -> None:
    due = Due(rate)
    assert abs(sum(due.after(records) for records in cuts) - rate * sum(cuts)) < 1.001


@given(CUTS, st.floats(0.05, 2), st.floats(0, 2))
def test_documents_are_inserted_once_and_updates_find_one_to_change(
    cuts: list[int], inserts: float, updates: float
) -> None:
    writes, known, bodies = Writes(share(inserts, updates)), 0, dict[int, bytes]()
    made = 0
    for records in cuts:
        batch = writes.after(records)
        for operation in batch:
            if isinstance(operation, InsertOne):
                assert operation._doc["_id"] == made
                bodies[made] = operation._doc["body"]
                made += 1
            else:
                assert isinstance(operation, UpdateOne) and operation._filter["_id"] < known
                number, body = operation._filter["_id"], operation._doc["$set"]["body"]
                assert body != bodies[number]
                bodies[number] = body
        updated = [operation._filter["_id"] for operation in batch if isinstance(operation, UpdateOne)]
        assert len(updated) == len(set(updated))
        known = made
    assert abs(made - inserts * sum(cuts)) < 1.001


@given(st.integers(20, 5000), st.integers(0, 70))
def test_an_event_has_its_size_and_is_json(size: int, variant: int) -> None:
    assert len(event(size, variant)) == size
    assert orjson.loads(event(size, variant))
