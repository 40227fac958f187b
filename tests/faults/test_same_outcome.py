"""Nothing is lost: a season in which every service dies at every fail point, and at random, ends as an undisturbed one."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from deploy.local.payers.desk.store import Store
from deploy.local.simulation import run as simulation_run
from deploy.local.simulation.driver import tick_time
from deploy.local.simulation.plan import Plan
from schemas.x12 import Claims837P, read
from services.cli.books import Books
from tests.disturbances import disturbances, policies
from tests.faults import storm_kit
from tests.faults.storm_kit import Killer
from tests.seasons import Season, season

pytestmark = pytest.mark.stack


def test_every_fail_point_and_random_kills_change_nothing(calm: Season, monkeypatch: pytest.MonkeyPatch) -> None:
    storm(calm, Killer(seed=3, kills=20, days=calm.plan.days), monkeypatch)


@pytest.mark.long
def test_two_thousand_encounters_and_two_hundred_kills(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    plan = Plan(2000, 7, 120, str(policies(tmp_path)))
    with season(plan, "calm", disturbances()) as calm:
        storm(calm, Killer(seed=7, kills=200, days=plan.days), monkeypatch)


def storm(calm: Season, killer: Killer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run the calm season's plan with every fail point armed and a killer about; all that can be told is the same."""
    plain = simulation_run.service_parts
    with monkeypatch.context() as patch:
        patch.setattr(simulation_run, "service_parts", lambda stack: storm_kit.arm(plain(stack)))
        with season(calm.plan, "storm", [*disturbances(), killer]) as stormy:
            assert calm.facts ^ stormy.facts == frozenset()
            assert storm_kit.missed(stormy.stack.state) == []
            assert len(killer.done) > killer.kills * 0.8
            assert differences(calm.report, stormy.report) == {}
            assert claims_sent(stormy.doors) == claims_sent(calm.doors) == versions(stormy)
            assert complaints(stormy) == [], "a receipt came twice, or was wrong"
            assert statements(stormy.doors) == statements(calm.doors)
            assert len(statements(stormy.doors)) == stormy.report["statements"]


def differences(calm: dict[str, Any], stormy: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Figures that differ, by name."""
    return {name: (value, stormy.get(name)) for name, value in calm.items() if value != stormy.get(name)}


def complaints(found: Season) -> list[str]:
    """What payers complain of: 999s and TA1s that answer nothing which waits for one."""
    store = Store(found.stack.state / "payers.db")
    told = store.receipts()[1]
    store.close()
    return told


def claims_sent(doors: Path) -> Counter[str]:
    """How often each CLM01 went out, over all files that payers ever got."""
    sent: Counter[str] = Counter()
    for path in doors.glob("*/to_payer/archive/*.837"):
        for transaction in read(path.read_bytes()).transactions():
            assert isinstance(transaction, Claims837P)
            sent.update(claim.claim_id for claim in transaction.claims)
    return sent


def versions(season: Season) -> Counter[str]:
    """How many versions of each claim claim_submission made; those of the last day still wait for midnight."""
    last = tick_time(season.plan.days).date().isoformat()
    with Books(season.place) as books:
        accounts = [found["state"] for found in books.stored("claim_submission", "account")]
    claims = [claim for account in accounts for claim in account["claims"]]
    return Counter(claim["claim_id"] for claim in claims for version in claim["versions"] if version["sent_on"] < last)


def statements(doors: Path) -> set[tuple[str, int, int]]:
    """Guarantor's statement id, cycle and cents of every letter."""
    letters = [json.loads(path.read_text()) for path in (doors / "statements" / "to_patients").glob("*.json")]
    told = {(letter["statement_id"], letter["cycle"], letter["cents"]) for letter in letters}
    assert len(told) == len(letters), "one letter a statement cycle"
    return told
