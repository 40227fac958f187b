"""intake's two hops: a partner's event id, then the account of the encounter."""

import copy
import itertools
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.events.encounters import (
    CancellationReceived,
    EncounterAccepted,
    EncounterReceived,
    EncounterWithdrawn,
    RefusalReceived,
)
from schemas.events.envelope import Event
from schemas.events.partner import EncounterCancelled, EncounterRejected, EncounterSubmitted
from schemas.examples import example
from services.chassis.identity import Identity
from services.chassis.verdicts import Emit, Received
from services.intake import handlers
from services.intake.domain.account import Account
from services.intake.domain.facts import facts
from services.intake.domain.figures import figures
from services.intake.domain.partner_event import PartnerEvent

IDS = Identity(b"k" * 32)
DAY = datetime(2026, 1, 5, tzinfo=UTC)
LATER = DAY + timedelta(days=1)


class World:
    """Runs intake's routes on documents in a dictionary, the second hop at once; keeps what leaves intake."""

    def __init__(self) -> None:
        self.documents: dict[str, Any] = {}
        self.out: list[Emit] = []
        routes = handlers.routes(IDS)
        self._raw = routes.raw[0]
        self._by_type = {route.event: route for route in routes.events}
        self._count = itertools.count()

    def publish(
        self, body: dict[str, Any], now: datetime = DAY, partner: str = "riverside", size: int = 2000,
        value: bytes = b"",
    ) -> None:  # fmt: skip
        offset = next(self._count)
        data = Received(partner=partner, topic="t", partition=0, offset=offset, size=size, body=body, value=value)
        event: Event[Any, Any] = Event(f"r{offset}", "t", "s", now, data, None)
        self._handle(self._raw, self._raw.key(event), event, now)

    def hop(self, account: str, data: Any, now: datetime = DAY, phi: Any = None) -> None:
        route = self._by_type[type(data)]
        event: Event[Any, Any] = Event(f"h{next(self._count)}", "t", account, now, data, phi)
        self._handle(route, account, event, now)

    def _handle(self, route: Any, key: str, event: Event[Any, Any], now: datetime) -> None:
        outcome = route.handler(self.documents.get(key), event, now)
        if outcome.state is not None:
            self.documents[key] = outcome.state
        for emit in outcome.events:
            if type(emit.data) in self._by_type:
                self.hop(emit.key, emit.data, now, emit.phi)
            else:
                self.out.append(emit)

    def sent(self, kind: type[Any]) -> list[Any]:
        return [emit.data for emit in self.out if isinstance(emit.data, kind)]

    def codes(self) -> list[str]:
        return [reason.code for answer in self.sent(EncounterRejected) for reason in answer.reasons]

    def accounts(self) -> list[Account]:
        return [state for state in self.documents.values() if isinstance(state, Account)]


def encounter(event_id: str = "e1", revision: int = 1, **data: Any) -> dict[str, Any]:
    body = copy.deepcopy(example(EncounterSubmitted.TYPE))
    body["id"] = event_id
    body["data"].update(revision=revision, **data)
    return body


def cancellation(event_id: str = "c1") -> dict[str, Any]:
    return {**copy.deepcopy(example(EncounterCancelled.TYPE)), "id": event_id}


def test_a_valid_encounter_goes_on_without_phi_in_its_data() -> None:
    world = World()
    world.publish(encounter())
    (emit,) = world.out
    assert isinstance(emit.data, EncounterAccepted)
    assert emit.key == IDS.account_id("riverside", "RV-88120")
    assert [(line.control, line.charge) for line in emit.data.lines] == [("L001", 18500), ("L002", 21000)]
    assert emit.phi is not None and emit.phi.model_dump()["patient"]["last_name"] == "Quillfeather"
    inside = emit.data.model_dump_json()
    assert not [word for word in ("Quillfeather", "MRD400217733", "1961", "RV-88120", "P-4410") if word in inside]


def test_the_patient_is_guarantor_and_subscriber_where_nobody_else_is_named() -> None:
    world = World()
    world.publish(encounter())
    phi = world.out[0].phi
    assert phi is not None
    told = phi.model_dump()
    assert told["guarantor"] == told["patient"] == told["members"][0]["subscriber"]


@pytest.mark.parametrize(
    ("data", "why"),
    [({"coverages": []}, "self_pay"), ({"diagnoses": []}, "uncoded"), ({"coverages": [], "diagnoses": []}, "self_pay")],
)
def test_an_encounter_that_makes_no_claim_is_accepted_and_counted(data: dict[str, Any], why: str) -> None:
    world = World()
    world.publish(encounter(**data))
    assert world.sent(EncounterAccepted)[0].no_claim == why
    assert figures(world.documents.items()) == {
        "encounters": 1, "encounters_refused": 0, "no_claim": 1, "rejected_events": 0,
    }  # fmt: skip


def test_the_same_event_again_is_silent() -> None:
    world = World()
    world.publish(encounter())
    before = dict(world.documents)
    world.publish({**encounter(), "time": "2026-01-09T00:00:00Z"}, LATER)
    assert len(world.out) == 1 and world.documents == before


def test_the_same_id_with_other_content_is_refused_once_and_the_first_stands() -> None:
    world = World()
    world.publish(encounter())
    for _ in range(3):
        world.publish(encounter(emergency=True), LATER)
    assert world.codes() == ["id_reused"]
    assert len(world.sent(EncounterAccepted)) == 1
    assert figures(world.documents.items())["rejected_events"] == 1


def test_a_key_that_stands_twice_is_refused_and_its_mended_copy_under_the_same_id_is_no_repeat() -> None:
    world = World()
    text = json.dumps(encounter()).replace('"revision"', '"revision": 7, "revision"', 1).encode()
    for _ in range(2):
        world.publish(json.loads(text), value=text)
    assert world.codes() == ["duplicate_key"]
    world.publish(encounter(), LATER, value=json.dumps(encounter()).encode())
    assert world.codes() == ["duplicate_key", "id_reused"]
    world.publish(encounter("e2"), LATER)
    assert len(world.sent(EncounterAccepted)) == 1


def test_an_invalid_event_is_answered_and_its_encounter_counted_as_refused() -> None:
    world = World()
    world.publish(encounter(lines=[]))
    answer = world.out[0]
    assert answer.partner == "riverside" and answer.key == "e1"
    assert world.codes() == ["wrong_length"]
    assert figures(world.documents.items()) == {
        "encounters": 1, "encounters_refused": 1, "no_claim": 0, "rejected_events": 1,
    }  # fmt: skip
    world.publish(encounter("e2"), LATER)
    assert figures(world.documents.items())["encounters_refused"] == 0


def test_wrong_partner_is_answered_on_the_topics_own_partner_and_touches_no_account() -> None:
    world = World()
    world.publish(encounter(), partner="lakeside")
    assert world.codes() == ["wrong_partner"] and world.out[0].partner == "lakeside"
    assert world.accounts() == []


def test_two_partners_may_use_the_same_ids() -> None:
    world = World()
    world.publish(encounter())
    world.publish({**encounter(), "source": "/partners/lakeside"}, partner="lakeside")
    assert len(world.sent(EncounterAccepted)) == 2 and len(world.accounts()) == 2


@pytest.mark.parametrize("given_id", [None, 17, "", "x" * 200])
def test_an_event_without_a_usable_id_is_answered_by_its_place(given_id: Any) -> None:
    world = World()
    world.publish({**encounter(), "id": given_id})
    (answer,) = world.sent(EncounterRejected)
    assert answer.event_id == "0:0" and answer.reasons[0].path == "/id"


def test_an_oversized_event_is_answered() -> None:
    world = World()
    world.publish(encounter(), size=1_000_000)
    assert world.codes() == ["too_large"]


def test_a_higher_revision_stands_and_an_old_one_is_answered() -> None:
    world = World()
    world.publish(encounter("e1", 1))
    world.publish(encounter("e2", 2, diagnoses=["M1712"]), LATER)
    world.publish(encounter("e3", 2), LATER + timedelta(days=1))
    assert [found.revision for found in world.sent(EncounterAccepted)] == [1, 2]
    assert world.codes() == ["revision_not_higher"]
    (answer,) = world.sent(EncounterRejected)
    assert answer.event_id == "e3" and "above 2" in answer.reasons[0].remedy
    (account,) = world.accounts()
    assert account.revision == 2 and account.rejected == 1


def test_a_cancellation_withdraws_and_is_final() -> None:
    world = World()
    world.publish(encounter())
    world.publish(cancellation(), LATER)
    world.publish(cancellation("c2"), LATER)
    world.publish(encounter("e2", 2), LATER + timedelta(days=1))
    assert len(world.sent(EncounterWithdrawn)) == 1
    assert world.codes() == ["encounter_cancelled"]
    assert figures(world.documents.items())["no_claim"] == 1


def test_a_cancellation_before_its_encounter_waits_for_it() -> None:
    world = World()
    world.publish(cancellation())
    assert world.out == []
    world.publish(encounter(), LATER)
    assert world.codes() == ["encounter_cancelled"]
    assert world.sent(EncounterAccepted) == []


ARRIVALS: list[Any] = [
    EncounterReceived(
        encounter=EncounterAccepted.model_validate({**example(EncounterAccepted.TYPE)["data"], "revision": n})
    )
    for n in (1, 2, 3)
]
ARRIVALS += [
    CancellationReceived.model_validate(example(CancellationReceived.TYPE)["data"]),
    RefusalReceived(partner="riverside", partner_event_id="x", codes=("missing",)),
]


@given(st.lists(st.sampled_from(ARRIVALS), unique_by=id, min_size=1), st.randoms(use_true_random=False))
def test_events_of_one_account_at_one_instant_commute(arrivals: list[Any], random: Any) -> None:
    shuffled = list(arrivals)
    random.shuffle(shuffled)
    ends = []
    for order in (arrivals, shuffled):
        world = World()
        for data in order:
            world.hop("A", data)
        accepted = [found.revision for found in world.sent(EncounterAccepted)]
        state = world.documents["A"]
        ends.append((facts("A", state), accepted[-1:], bool(world.sent(EncounterWithdrawn)), world.codes()))
    assert ends[0] == ends[1]


def test_facts_tell_what_stands_and_nothing_of_the_partners_ids() -> None:
    world = World()
    world.publish(encounter("secret-id"))
    lines = [line for key, state in world.documents.items() for line in facts(key, state)]
    assert any("billed revision=1 charge=39500 on=2026-01-05" in line for line in lines)
    assert not [line for line in lines if "secret-id" in line or "RV-88120" in line]


def test_what_rests_of_an_event_id_is_a_keyed_hash() -> None:
    world = World()
    world.publish(encounter())
    (state,) = [found for found in world.documents.values() if isinstance(found, PartnerEvent)]
    assert "Quillfeather" not in state.model_dump_json()
