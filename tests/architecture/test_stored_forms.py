"""No stored document is misread after a change of its class: the change has a schema number, and a way to it."""

import pytest

from tests.architecture.stored_forms import aggregates, misread, noted, now

REMEDY = (
    "raise SCHEMA and say in UPGRADES how an older document becomes the next (decisions/0027; what is to be forgotten "
    "needs neither), then `python -m tests.architecture.stored_forms`"
)
NOTE = "once nothing is misread: `python -m tests.architecture.stored_forms` notes the forms as they are now"


def test_no_document_that_rests_is_misread() -> None:
    assert not (told := misread(noted(), now())), "\n".join([*told, REMEDY])


def test_the_forms_are_noted_as_they_are() -> None:
    """Else a field that is added today and renamed tomorrow would be seen on neither day."""
    assert not (told := sorted(noted().items() ^ now().items())), "\n".join([*map(": ".join, told), NOTE])


def test_an_upgrade_leads_from_a_schema_before_the_present_one() -> None:
    for service, aggregate in aggregates():
        assert set(aggregate.UPGRADES) <= set(range(1, aggregate.SCHEMA)), (service, aggregate)


BEFORE = {
    "s Bill 1/cents": "integer required",
    "s Bill 1/lines": "array",
    "s Bill 1/lines/*": "object",
    "s Bill 1/lines/*/control": "string",
}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"s Bill 1/lines/*/control": None}, ["s Bill 1/lines/*/control: was string, is gone"]),
        ({"s Bill 1/lines/*/control": "integer"}, ["s Bill 1/lines/*/control: was string, is integer"]),
        ({"s Bill 1/lines": "array required"}, ["s Bill 1/lines: was array, is array required"]),
        ({"s Bill 1/lines/*/cents": "integer required"}, ["s Bill 1/lines/*/cents: is new and required"]),
        ({"s Bill 1/payer": "string required"}, ["s Bill 1/payer: is new and required"]),
        ({"s Bill 1/payer": "string"}, []),
        ({"s Bill 1/cents": "integer|null"}, []),
        ({"s Bill 1/note": "object", "s Bill 1/note/text": "string required"}, []),
    ],
)
def test_what_counts_as_misread(changes: dict[str, str | None], told: list[str]) -> None:
    after = {path: what for path, what in {**BEFORE, **changes}.items() if what is not None}
    assert misread(BEFORE, after) == told


def test_under_a_new_number_everything_may_change() -> None:
    assert misread(BEFORE, {"s Bill 2/amount": "integer required"}) == []
