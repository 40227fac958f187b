"""Partners, patients and staff act on what they have heard, on the day that their policy says."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from deploy.local.actors.events import Heard, heard
from deploy.local.actors.partner import Partner
from deploy.local.actors.patients import Patients
from deploy.local.actors.policy import FOLDER, PartnerPolicy, PatientPolicy, PolicyFault, StaffPolicy, load_policy
from deploy.local.actors.staff import Staff
from deploy.local.payers import load
from deploy.local.population import Population, build
from deploy.local.population.times import DAY_ZERO
from schemas.events.appeals import ApprovalRequested
from schemas.events.denials import DecisionWanted
from schemas.events.partner import CorrectionRequested
from schemas.events.patients import StatementIssued

REQUESTED = date(2026, 2, 2)


@pytest.fixture(scope="module")
def population() -> Population:
    return build(7, 150, load())


@pytest.fixture(scope="module")
def partner(population: Population) -> Partner:
    return Partner(population, load_policy(PartnerPolicy, FOLDER / "partners.yaml"))


def request(event_id: str, day: date = REQUESTED, number: int = 1) -> Heard:
    data = {"event_id": event_id, "account": "A", "cause": "denied", "codes": ["CO-16"], "answer_by": "2026-03-01"}
    return Heard(f"r{number}", CorrectionRequested.TYPE, "A", day, data)


def correctable(population: Population) -> str:
    return next(entry.event_id for entry in population.encounters if population.correction(entry.event_id))


def test_the_calendar_is_published_on_its_day_with_its_time(population: Population, partner: Partner) -> None:
    records = list(partner.act(DAY_ZERO + timedelta(days=3), []))
    assert [record.value for record in records] == [one.value for one in population.on(3)]
    assert {record.topic for record in records} == {"partner.riverside.encounters.v1"}
    assert {record.timestamp_ms for record in records} == {1_767_830_400_000}


def answers(partner: Partner, requests: list[Heard]) -> list[tuple[date, dict[str, Any]]]:
    found = []
    calendar: set[bytes] = set()
    for after in range(-5, 40):
        day = REQUESTED + timedelta(days=after)
        calendar |= {record.value for record in partner.act(day, [])}
        found += [
            (day, orjson.loads(record.value)) for record in partner.act(day, requests) if record.value not in calendar
        ]
    return found


def test_a_request_is_answered_once_with_the_next_revision(population: Population, partner: Partner) -> None:
    event_id = correctable(population)
    twice = [request(event_id), request(event_id, REQUESTED + timedelta(days=6), 2)]
    ((day, event),) = answers(partner, twice)
    assert 4 <= (day - REQUESTED).days <= 12
    assert event["data"]["revision"] == 2
    assert event["time"] == f"{day}T00:00:00Z"
    assert answers(partner, list(reversed(twice))) == [(day, event)], "in whatever order requests are read"


def test_nobody_answers_for_an_encounter_without_a_correction(population: Population, partner: Partner) -> None:
    silent = [entry for entry in population.encounters if not population.correction(entry.event_id)]
    assert answers(partner, [request(silent[0].event_id)]) == []


def statement(number: int, day: date = REQUESTED, cents: int = 1_000, cycle: int = 1) -> Heard:
    data = {
        "statement_id": f"G{number}-{cycle:02d}",
        "cycle": cycle,
        "cents": cents,
        "issued_on": str(day),
        "due_on": str(day),
    }
    return Heard(f"s{number}-{cycle}", StatementIssued.TYPE, f"G{number}", day, data)


def payments(statements: list[Heard], seed: int = 1) -> dict[str, int]:
    patients = Patients(seed, load_policy(PatientPolicy, FOLDER / "patients.yaml"))
    found: dict[str, int] = {}
    for after in range(40):
        for record in patients.act(REQUESTED + timedelta(days=after), statements):
            event = heard(record.value)
            assert record.topic == "commands.v1"
            assert record.key == event.subject
            assert event.id not in found, "a statement is paid once"
            found[event.id] = event.data["cents"]
    return found


@pytest.mark.parametrize("seed", range(20))
def test_the_first_statement_is_paid_whatever_the_seed(seed: int) -> None:
    assert payments([statement(1)], seed)


def test_guarantors_have_habits() -> None:
    paid = payments([statement(number) for number in range(300)])
    full = sum(cents == 1_000 for cents in paid.values())
    half = sum(cents == 500 for cents in paid.values())
    assert 110 <= full <= 190
    assert 20 <= half <= 70
    later = payments([statement(number, cycle=2) for number in range(300)])
    assert len(later) > len(paid)


def test_staff_decide_within_their_days() -> None:
    staff = Staff(1, load_policy(StaffPolicy, FOLDER / "staff.yaml"))
    events = [
        Heard(
            f"a{n}",
            ApprovalRequested.TYPE,
            f"ACC{n}",
            REQUESTED,
            {"denial_id": f"D{n}", "level": 1, "cents": 5_000 * n},
        )
        for n in range(1, 60)
    ]
    said = {}
    for after in range(6):
        for record in staff.act(REQUESTED + timedelta(days=after), events):
            said[heard(record.value).data["denial_id"]] = (heard(record.value).data["approve"], after)
    assert said["D1"][0] is False
    assert sum(approve for approve, _ in said.values()) > 40
    assert {after for _, after in said.values()} <= {1, 2, 3}


def test_staff_agree_to_most_large_write_offs_and_choose_nothing_where_nothing_is_proposed() -> None:
    staff = Staff(1, load_policy(StaffPolicy, FOLDER / "staff.yaml"))
    events = [
        Heard(
            f"w{n}",
            DecisionWanted.TYPE,
            f"ACC{n}",
            REQUESTED,
            {"denial_id": f"D{n}", "asked": 1, "cents": 90_000, "proposed": "write_off" if n <= 60 else ""},
        )
        for n in range(1, 70)
    ]
    said = {}
    for after in range(8):
        for record in staff.act(REQUESTED + timedelta(days=after), events):
            event = heard(record.value)
            assert event.id not in said and event.data["way"] == "write_off"
            said[event.id] = (event.data["denial_id"], after)
    assert 45 <= len(said) <= 60 and {after for _, after in said.values()} <= {1, 2, 3, 4}
    assert all(int(denial_id[1:]) <= 60 for denial_id, _ in said.values())


def test_a_wrong_policy_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "staff.yaml"
    path.write_text("approvals:\n  days: {least: 1, most: 2}\n  mood: bad\nwrite_offs:\n  days: {least: 1, most: 2}\n")
    with pytest.raises(PolicyFault, match=r"staff.yaml:3: approvals.mood"):
        load_policy(StaffPolicy, path)
