"""What a partner hears of its events in a season: accepted, or refused with a reason; and what patients are asked for."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from deploy.local.simulation.driver import tick_time
from schemas.events.partner import CorrectionRequested, EncounterRejected
from tests.disturbances import CLOSES, OPENS, PARTNER
from tests.seasons import Season

pytestmark = pytest.mark.stack
Reasons = dict[str, list[dict[str, str]]]


@pytest.fixture(scope="module")
def reasons(calm: Season) -> Reasons:
    """Why events were refused, by the partner's event id."""
    answers = calm.events(EncounterRejected.TOPIC.format(partner=PARTNER))
    found: Reasons = {}
    for answer in answers:
        found.setdefault(answer["data"]["event_id"], []).extend(answer["data"]["reasons"])
    return found


def strays(season: Season, kind: str) -> list[Any]:
    found = [one for one in season.population.publications if one.kind == kind]
    assert found, "the season holds such an event"
    return found


def test_every_refused_encounter_is_answered_with_place_and_remedy(calm: Season, reasons: Reasons) -> None:
    for one in calm.scenario("refused"):
        assert all(reason["code"] and reason["path"] and reason["remedy"] for reason in reasons[one.event_id])
        assert calm.state("claim_submission", "account", calm.account(one.number)) == {}


@pytest.mark.parametrize(
    ("event_id", "code", "path"),
    [
        ("WRONG-PARTNER", "wrong_partner", "/source"),
        ("WRONG-TYPE", "wrong_type", "/data/lines/0/charge_cents"),
        ("OVERSIZED", "too_large", ""),
    ],
)
def test_a_partners_mistake_is_named(reasons: Reasons, event_id: str, code: str, path: str) -> None:
    assert [(reason["code"], reason["path"]) for reason in reasons[event_id]] == [(code, path)]


def test_the_same_id_with_other_content_is_refused_and_changes_nothing(calm: Season, reasons: Reasons) -> None:
    for one in strays(calm, "reused_id"):
        assert [reason["code"] for reason in reasons[one.event_id]] == ["id_reused"]
        assert charge(calm, one.key) == sum(line["charge_cents"] for line in first(calm, one.key)["lines"])


def test_a_revision_out_of_order_is_refused(calm: Season, reasons: Reasons) -> None:
    for one in strays(calm, "old_revision"):
        assert [reason["code"] for reason in reasons[one.event_id]] == ["revision_not_higher"]
        assert charge(calm, one.key) == sum(line["charge_cents"] for line in first(calm, one.key)["lines"])


def test_a_repeat_changes_nothing_and_is_not_answered(calm: Season, reasons: Reasons) -> None:
    for one in strays(calm, "repeat"):
        assert one.event_id not in reasons
        assert len(calm.state("intake", "account", calm.account(one.key))["revisions"]) == 1


def test_every_event_has_one_end(calm: Season, reasons: Reasons) -> None:
    """Accepted, refused, a repeat, or a dead letter: nothing is met with silence."""
    published = {one.event_id for one in calm.population.publications if one.kind in ("encounter", "cancellation")}
    accepted = {
        revision["event_id"]
        for one in calm.population.encounters
        for revision in calm.state("intake", "account", calm.account(one.number)).get("revisions", ())
    }
    cancelled = {one.event_id for one in strays(calm, "cancellation")}
    assert published - accepted - cancelled == reasons.keys() & published - accepted
    assert all(
        calm.state("intake", "account", calm.account(one.key))["withdrawn_at"] for one in strays(calm, "cancellation")
    )


def test_poison_is_a_dead_letter_on_the_desk(calm: Season) -> None:
    letters = desk(calm, "list", "intake", "--json")
    poison = {one.value for one in strays(calm, "poison")}
    assert len(letters) == len(poison) == calm.report["dead_letters"]
    for letter in letters:
        assert letter["code"] and letter["state"] == "open" and letter["topic"].endswith("encounters.v1")
        (shown,) = desk(calm, "show", "intake", letter["id"], "--payload")
        assert shown["value"] in {value.decode(errors="replace") for value in poison}


def desk(season: Season, *arguments: str) -> list[dict[str, Any]]:
    argv = [sys.executable, "-c", "from services.cli.main import app; app()", "deadletters", *arguments]
    env = {**os.environ, **season.stack.env()}
    done = subprocess.run(argv, env=env, capture_output=True, text=True, timeout=120, check=True)
    if "--json" in arguments:
        return [json.loads(line) for line in done.stdout.splitlines()]
    return [json.loads(done.stdout)]


def test_corrections_are_asked_for_with_codes_and_a_day(calm: Season) -> None:
    asked = calm.events(CorrectionRequested.TOPIC.format(partner=PARTNER))
    by_event = {request["data"]["event_id"]: request["data"] for request in asked}
    for scenario, cause in (("held_npi", "held"), ("rejected_corrected", "rejected"), ("provider_corrected", "denied")):
        for one in calm.scenario(scenario):
            request = by_event[one.event_id]
            assert request["cause"] == cause and request["codes"] and request["answer_by"] > "2026-01-05"


def test_self_pay_is_asked_for_and_paid_without_a_claim(calm: Season) -> None:
    paid = 0
    for one in calm.scenario("self_pay"):
        account = calm.account(one.number)
        assert calm.state("claim_submission", "account", account).get("claims", []) == []
        owed = calm.state("patient_collections", "patient_account", account)
        (told,) = owed["told"]
        assert told["owed"] == owed["self_pay"] == charge(calm, one.number)
        share = calm.state("patient_collections", "guarantor", told["guarantor_key"])["shares"][account]
        assert share["asked"] >= 1
        paid += share["applied"]
    assert paid > 0


def test_a_closed_door_delays_letters_and_loses_none(calm: Season) -> None:
    folder = calm.doors / "statements" / "to_patients"
    letters = [json.loads(path.read_text()) for path in folder.glob("*.json")]
    closed = [str(tick_time(day).date()) for day in range(CLOSES + 1, OPENS + 1)]
    assert [letter for letter in letters if letter["issued_on"] in closed], "some were due while it was closed"
    assert len(letters) == calm.report["statements"]


def first(season: Season, encounter: str) -> dict[str, Any]:
    """The data of the encounter as it was first published."""
    found = next(one for one in season.population.encounters if one.number == encounter)
    data: dict[str, Any] = found.event["data"]
    return data


def charge(season: Season, encounter: str) -> int:
    """The accepted charge in cents."""
    cents: int = season.state("intake", "account", season.account(encounter))["revisions"][-1]["charge"]
    return cents
