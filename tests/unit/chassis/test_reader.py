"""From records to work: what is passed over, what is set aside, and what partners are trusted with."""

import os
from datetime import UTC, date, datetime
from typing import Any, ClassVar

import orjson
import pytest

from schemas.document import Aggregate, Phi, Unread
from schemas.events.clock import Tick, TimerFired
from schemas.events.envelope import Event, EventData, EventView
from services.chassis.codec import Codec, Heading
from services.chassis.crypto import Cipher, KeyFile
from services.chassis.reader import Reader, Reading
from services.chassis.records import SOURCE_TOPIC_HEADER, TYPE_HEADER, Batch
from services.chassis.router import Router
from services.chassis.verdicts import Outcome, RawRoute, Received, Route, Routes, TimerRoute
from tests.unit.chassis.lines import Line

CODEC = Codec(Cipher(KeyFile("k", {"k": os.urandom(32)}, b"")))
NOW = datetime(2026, 1, 5, tzinfo=UTC)
PARTNER_TOPIC = "partner.{partner}.encounters.v1"


class Case(Aggregate):
    pass


class ReaderEvent(EventData):
    """Keeps the test's types out of the registry of released types."""


class Opened(ReaderEvent):
    TYPE: ClassVar[str] = "test.opened.v1"
    TOPIC: ClassVar[str] = "cases.v1"


class Secret(Phi):
    name: str


class Confided(ReaderEvent):
    TYPE: ClassVar[str] = "test.confided.v1"
    TOPIC: ClassVar[str] = "cases.v1"
    PHI: ClassVar[type[Phi] | None] = Secret


class Reported(ReaderEvent):
    TYPE: ClassVar[str] = "test.reported.v1"
    TOPIC: ClassVar[str] = "cases.v1"
    PHI: ClassVar[type[Phi] | None] = Secret

    wanted: int
    unread: date


class Initial(Phi):
    name: str


class Glance(EventView):
    TYPE: ClassVar[str] = Reported.TYPE
    TOPIC: ClassVar[str] = Reported.TOPIC
    PHI: ClassVar[type[Phi] | None] = Initial

    wanted: int


class Told(ReaderEvent):
    TYPE: ClassVar[str] = "test.told.v1"
    TOPIC: ClassVar[str] = "commands.v1"


def nothing(state: Case | None, event: Event[Any, Any], now: datetime) -> Outcome[Case]:
    return Outcome()


def raw_key(event: Event[Received, None]) -> str:
    return str(event.data.body["id"])


ROUTES = Routes(
    "svc",
    (Route(Opened, Case, nothing), Route(Told, Case, nothing)),
    (TimerRoute("due", Case, nothing),),
    (RawRoute(PARTNER_TOPIC, Case, nothing, raw_key),),
)
TOPICS = ("partner.acme.encounters.v1", "partner.zeta.encounters.v1", "partner.acme.rejections.v1", "cases.v1")
ROUTER = Router(ROUTES, TOPICS, record_time=("commands.v1", PARTNER_TOPIC))
READER = Reader(ROUTER, CODEC)


def value(data: EventData, event_id: str = "e", time: datetime = NOW) -> bytes:
    return CODEC.encode(Heading(event_id, "s", "k", time), data, None)


def read(topic: str, *lines: Line) -> Reading:
    for offset, line in enumerate(lines):
        line.offset = offset
    return READER.read(Batch(topic, 1, lines, len(lines)))


def test_inputs_are_those_of_routes_partners_ticks_timers_and_replay() -> None:
    assert set(ROUTER.sources) == {
        "cases.v1",
        "commands.v1",
        "clock.v1",
        "svc.timers.v1",
        "svc.replay.v1",
        "partner.acme.encounters.v1",
        "partner.zeta.encounters.v1",
    }


def test_a_foreign_type_is_passed_over_without_decoding() -> None:
    reading = read("cases.v1", Line(b"not even JSON", {TYPE_HEADER: "test.foreign.v1"}), Line(value(Opened())))
    assert (reading.skipped, len(reading.work), reading.letters) == (1, 1, [])
    assert read("cases.v1", Line(b'{"type": "test.foreign.v1"}'), Line(b'{"type": 1}'), Line(b"{}")).skipped == 3
    mislabelled = Line(b'{"type": "test.foreign.v1"}', {TYPE_HEADER: Opened.TYPE})
    assert read("cases.v1", mislabelled).skipped == 1


def test_a_record_is_of_the_type_that_it_states_itself() -> None:
    reading = read("cases.v1", Line(value(Told()), {TYPE_HEADER: Opened.TYPE}))
    assert [type(work.event.data) for work in reading.work] == [Told]
    for bad, code in (
        (b"{", "undecodable"),
        (b"[]", "not_an_object"),
        (b'{"type": "test.opened.v1"}', "invalid_envelope"),
    ):
        assert [reject.code for _, reject in read("cases.v1", Line(bad, {TYPE_HEADER: Opened.TYPE})).letters] == [code]


def test_bad_records_are_set_aside_and_good_ones_go_on() -> None:
    reading = read("cases.v1", Line(b"\xff"), Line(None), Line(value(Opened())), Line(b"[]"))
    assert [reject.code for _, reject in reading.letters] == ["undecodable", "undecodable", "not_an_object"]
    assert [work.record.offset for work in reading.work] == [2]


def test_the_time_of_people_is_the_record_s() -> None:
    lying = Line(value(Told(), time=datetime(1999, 1, 1, tzinfo=UTC)), timestamp=int(NOW.timestamp() * 1000))
    assert read("commands.v1", lying).work[0].event.time == NOW
    trusted = Line(value(Opened(), time=datetime(1999, 1, 1, tzinfo=UTC)), timestamp=int(NOW.timestamp() * 1000))
    assert read("cases.v1", trusted).work[0].event.time.year == 1999


def test_of_waiting_ticks_the_newest_counts() -> None:
    ticks = [Line(value(Tick(number=day), time=NOW.replace(day=day))) for day in (5, 7, 6)]
    reading = read("clock.v1", *ticks)
    assert reading.tick is not None and reading.tick.data.number == 7
    assert reading.work == []


def test_a_partner_s_record_comes_unvalidated_under_the_topic_s_name() -> None:
    body = {"id": "p-1", "type": "anything", "patient": "Joan", "subject": "s"}
    line = Line(orjson.dumps(body), timestamp=int(NOW.timestamp() * 1000))
    work = read("partner.acme.encounters.v1", line).work[0]
    assert isinstance(work.event.data, Received)
    assert (work.event.data.partner, work.event.data.body, work.key) == ("acme", body, "p-1")
    assert (work.event.time, work.partitioned) == (NOW, False)


def test_a_partner_s_repeat_is_one_event_and_other_content_another() -> None:
    def event_id(topic: str, **body: str) -> str:
        return read(topic, Line(orjson.dumps({"id": "p-1", **body}))).work[0].event.id

    acme, zeta = "partner.acme.encounters.v1", "partner.zeta.encounters.v1"
    assert event_id(acme, x="1") == event_id(acme, x="1")
    assert len({event_id(acme, x="1"), event_id(acme, x="2"), event_id(zeta, x="1")}) == 3


def test_a_key_that_cannot_be_told_is_a_letter() -> None:
    reading = read("partner.acme.encounters.v1", Line(b'{"no": "id"}'), Line(b'{"id": ""}'))
    assert [reject.code for _, reject in reading.letters] == ["unreadable", "no_key"]


def test_timers_go_to_their_route_and_unknown_ones_are_letters() -> None:
    known = Line(value(TimerFired(document="Case", timer="due", due_at=NOW)))
    stuck = Line(value(TimerFired(document="Case", timer="~effects", due_at=NOW)))
    unknown = Line(value(TimerFired(document="Case", timer="gone", due_at=NOW)))
    reading = read("svc.timers.v1", known, stuck, unknown)
    assert [(work.timer, work.handler is None) for work in reading.work] == [("due", False), ("~effects", True)]
    assert [reject.code for _, reject in reading.letters] == ["unknown_timer"]


def test_a_replayed_record_is_read_as_where_it_came_from() -> None:
    replayed = Line(orjson.dumps({"id": "p-9"}), {SOURCE_TOPIC_HEADER: "partner.acme.encounters.v1"})
    assert isinstance(read("svc.replay.v1", replayed).work[0].event.data, Received)
    assert len(read("svc.replay.v1", Line(value(Opened()), {SOURCE_TOPIC_HEADER: "cases.v1"})).work) == 1


@pytest.mark.parametrize(("wanted", "told"), [(False, None), (True, Secret(name="Joan Smith"))])
def test_phi_is_decrypted_only_for_a_route_that_asks_for_it(wanted: bool, told: Secret | None) -> None:
    reader = Reader(Router(Routes("svc", (Route(Confided, Case, nothing, phi=wanted),)), ()), CODEC)

    def reading(event_id: str) -> Reading:
        fields = orjson.loads(CODEC.encode(Heading("e", "s", "k", NOW), Confided(), Secret(name="Joan Smith")))
        return reader.read(Batch("cases.v1", 1, [Line(orjson.dumps(fields | {"id": event_id}))], 1))

    assert reading("e").work[0].event.phi == told
    assert [reject.code for _, reject in reading("another's").letters] == ["phi_undecryptable"] * wanted


def test_a_route_cannot_ask_for_phi_that_its_event_has_not() -> None:
    with pytest.raises(ValueError, match="has none"):
        Router(Routes("svc", (Route(Opened, Case, nothing, phi=True),)), ())


def test_a_partner_cannot_say_that_its_record_was_published_elsewhere() -> None:
    """The broker's ACLs vouch for the topic that a record lies in, not for a header."""
    for claimed in ("cases.v1", "partner.zeta.encounters.v1"):
        forged = Line(value(Opened(), event_id="p-1"), {SOURCE_TOPIC_HEADER: claimed})
        event = read("partner.acme.encounters.v1", forged).work[0].event
        assert isinstance(event.data, Received)
        assert (event.data.partner, event.data.topic) == ("acme", "partner.acme.encounters.v1")


def test_one_type_has_one_route() -> None:
    with pytest.raises(ValueError, match="twice"):
        Router(Routes("svc", (Route(Opened, Case, nothing), Route(Opened, Case, nothing))), ())


@pytest.mark.parametrize(("view", "phi"), [(None, Secret(name="Quillfeather")), (Glance, Initial(name="Quillfeather"))])
def test_a_view_is_what_the_handler_gets_of_the_event_and_of_its_phi(view: type[EventView] | None, phi: Phi) -> None:
    whole = Reported(wanted=7, unread=date(2026, 1, 5))
    sent = CODEC.encode(Heading("e", "s", "k", NOW), whole, Secret(name="Quillfeather"))
    route = Route(Reported, Case, nothing, phi=True, view=view)
    reader = Reader(Router(Routes("svc", (route,)), TOPICS), CODEC)
    (work,) = reader.read(Batch("cases.v1", 1, [Line(sent)], 1)).work
    assert (work.event.data, work.event.phi) == (Glance(wanted=7) if view else whole, phi)


class Passing(EventView):
    TYPE: ClassVar[str] = Confided.TYPE
    TOPIC: ClassVar[str] = Confided.TOPIC
    PHI: ClassVar[type[Phi] | None] = Unread


def test_phi_that_is_passed_on_unread_arrives_as_it_was() -> None:
    known = Reader(Router(Routes("svc", (Route(Confided, Case, nothing, phi=True),)), ()), CODEC)
    passing = Reader(Router(Routes("svc", (Route(Confided, Case, nothing, phi=True, view=Passing),)), ()), CODEC)
    sent = CODEC.encode(Heading("e", "s", "k", NOW), Confided(), Secret(name="Quillfeather"))
    (work,) = passing.read(Batch("cases.v1", 1, [Line(sent)], 1)).work
    again = CODEC.encode(Heading("f", "s", "k", NOW), Confided(), work.event.phi)
    (work,) = known.read(Batch("cases.v1", 1, [Line(again)], 1)).work
    assert work.event.phi == Secret(name="Quillfeather") and b"Quillfeather" not in again
