"""What triage may not decide alone: who is asked, by when, again, and what the answer does."""

from schemas.events.commands import ChooseWay
from schemas.events.denials import DecisionWanted, DenialClosed, WayChosen
from services.denial_triage.domain.figures import figures
from tests.unit.denial_triage.makers import (
    ACCOUNT,
    CLAIM,
    answer,
    day,
    denied,
    encounter,
    letter,
    moved,
    paper,
)
from tests.unit.denial_triage.runner import Runner

DENIAL = f"{CLAIM}-D1"
LARGE, SMALL = 50001, 50000


def for_person(desk: Runner) -> int:
    found: int = figures((key, state) for (_, key), state in desk.states.items())["denials_for_person"]
    return found


def test_a_large_write_off_waits_for_a_persons_yes(desk: Runner) -> None:
    desk.feed(day(0), ACCOUNT, answer(1, denied(LARGE, "96", "N425")))
    (question,) = desk.all(DecisionWanted)
    assert (question.denial_id, question.proposed, question.cents) == (DENIAL, "write_off", LARGE)
    assert (question.asked, question.answer_by) == (1, day(14))
    assert desk.all(WayChosen) == [] and for_person(desk) == 1
    desk.feed(day(2), ACCOUNT, ChooseWay(denial_id=DENIAL, way="write_off"))
    desk.tick(day(3))
    (chosen,) = desk.all(WayChosen)
    assert (chosen.way, chosen.chosen_by) == ("write_off", "person") and for_person(desk) == 0
    desk.feed(day(3), ACCOUNT, moved(2, "written_off"))
    desk.until(day(4), day(40))
    assert desk.all(DenialClosed)[0].how == "written_off" and len(desk.all(DecisionWanted)) == 1


def test_a_small_write_off_needs_nobody(desk: Runner) -> None:
    desk.feed(day(0), ACCOUNT, answer(1, denied(SMALL, "96", "N425")))
    assert [chosen.way for chosen in desk.all(WayChosen)] == ["write_off"] and desk.all(DecisionWanted) == []


def test_who_does_not_answer_is_asked_again(desk: Runner) -> None:
    desk.feed(day(0), ACCOUNT, answer(1, denied(LARGE, "96", "N425")))
    desk.until(day(1), day(30))
    assert [(q.asked, q.answer_by) for q in desk.all(DecisionWanted)] == [(1, day(14)), (2, day(28)), (3, day(42))]


def test_a_paper_that_comes_meanwhile_opens_a_way_and_ends_the_question(desk: Runner) -> None:
    desk.feed(day(0), ACCOUNT, answer(1, denied(LARGE, "252", "M127")))
    assert [q.proposed for q in desk.all(DecisionWanted)] == ["write_off"]
    desk.feed(day(3), ACCOUNT, encounter(2, paper("medical_record")))
    desk.until(day(4), day(20))
    assert [chosen.way for chosen in desk.all(WayChosen)] == ["documents"]
    assert len(desk.all(DecisionWanted)) == 1 and for_person(desk) == 0


def test_where_the_table_knows_nothing_a_person_is_asked_without_a_proposal(desk: Runner) -> None:
    desk.feed(day(0), ACCOUNT, answer(1, denied(20000, "50"), payer_id="STRANGER"))
    assert [q.proposed for q in desk.all(DecisionWanted)] == [""] and for_person(desk) == 1


def won(desk: Runner, decision: str, until: int | None = None) -> None:
    """An appeal that the payer granted on day 30; its money is due on day 75."""
    desk.feed(day(-3), ACCOUNT, encounter(1, paper("medical_record", "necessity")))
    desk.feed(day(0), ACCOUNT, answer(1, denied(20000, "50")))
    desk.feed(day(30), ACCOUNT, letter(decision, 30, until=until))
    desk.until(day(31), day(74))
    assert [chosen.way for chosen in desk.all(WayChosen)] == ["appeal"] and desk.all(DecisionWanted) == []


def test_a_won_appeal_that_is_never_paid_is_neither_written_off_nor_forgotten(desk: Runner) -> None:
    won(desk, "overturned")
    desk.until(day(75), day(100))
    assert [(q.asked, q.proposed, q.answer_by) for q in desk.all(DecisionWanted)] == [
        (1, "", day(89)),
        (2, "", day(103)),
    ]
    assert [chosen.way for chosen in desk.all(WayChosen)] == ["appeal"] and for_person(desk) == 1
    desk.feed(day(101), ACCOUNT, answer(2, paid=15000, on=101))
    desk.tick(day(102))
    (closed,) = desk.all(DenialClosed)
    assert (closed.how, closed.way, closed.recovered) == ("recovered", "appeal", 15000) and for_person(desk) == 0


def test_what_was_granted_in_part_and_not_paid_goes_to_the_next_level_in_time(desk: Runner) -> None:
    won(desk, "overturned_in_part", until=120)
    desk.tick(day(75))
    assert [(chosen.way, chosen.level) for chosen in desk.all(WayChosen)] == [("appeal", 1), ("appeal", 2)]
    assert for_person(desk) == 0


def test_what_was_granted_and_not_paid_is_pressed_and_not_corrected(desk: Runner) -> None:
    """A newer encounter's papers fit another step of the table, which stands behind the correction."""
    won(desk, "overturned_in_part", until=120)
    desk.feed(day(74), ACCOUNT, encounter(2, paper("medical_record")))
    desk.until(day(75), day(76))
    assert [(chosen.way, chosen.level) for chosen in desk.all(WayChosen)] == [("appeal", 1), ("appeal", 2)]


def test_a_won_appeal_that_ends_in_another_denial_goes_on_under_that_reason(desk: Runner) -> None:
    won(desk, "overturned")
    desk.feed(day(75), ACCOUNT, answer(2, denied(20000, "16", "M51"), on=75))
    desk.tick(day(76))
    assert desk.all(WayChosen)[-1].way == "replacement" and for_person(desk) == 0
