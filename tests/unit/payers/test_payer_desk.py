"""A payer at its doors: files in, days, files out; nothing twice, nothing lost."""

import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from deploy.local.payers import PayerModel
from deploy.local.payers.deciding.claim import PersonFacts
from deploy.local.payers.deciding.members import Member, Members, Service
from deploy.local.payers.simulator import Simulator, Surroundings
from schemas.x12 import (
    Ack999,
    BillingProvider,
    Claim837P,
    ClaimAck277CA,
    ClaimInquiry,
    Claims837P,
    Contact,
    Dated,
    Diagnosis,
    EligibilityInquiry,
    EligibilityQuery,
    Group,
    Inquiry270,
    Interchange,
    Party,
    Procedure,
    Reference,
    Remittance835,
    Response271,
    ServiceLine,
    StatusInquiry,
    StatusRequest276,
    StatusResponse277,
    Subscriber,
    Trace,
    TransactionSet,
    read,
    write,
)

SENT = date(2026, 1, 14)
CLAIM = "ABCDEFGHIJKLMNOP01"
Make = Callable[..., Any]


def person(entity: str = "IL", member_id: str = "SHP123456789") -> Party:
    return Party(
        entity, "1", last="BRENMOTT", first="ADA", id_qualifier="MI" if member_id else "", id=member_id,
        street="1 ELM STREET", city="NORTHFORK", state="OH", zip="43100", birth_date=date(1980, 5, 17), sex="F",
    )  # fmt: skip


def claim(frequency: str = "1", replaces: str = "", modifiers: tuple[str, ...] = (), **changes: Any) -> Claim837P:
    provider = Party(
        "85", "2", last="RIVERSIDE", id_qualifier="XX", id="2700001375", street="2 OAK ROAD", city="NORTHFORK",
        state="OH", zip="431000001", references=[Reference("EI", "990000101")],
    )  # fmt: skip
    lines = [
        ServiceLine(
            procedure=Procedure("HC", code, modifiers if code == "99213" else ()),
            charge=charge,
            units=Decimal(1),
            pointers=(1,),
            number=number,
            dates=[Dated("472", date(2026, 1, 12))],
            references=[Reference("6R", f"L{number:03d}")],
        )
        for number, (code, charge) in enumerate((("99213", 18_500), ("20610", 31_500)), 1)
    ]
    found = Claim837P(
        claim_id=CLAIM,
        charge=50_000,
        facility_code="11",
        frequency=frequency,
        billing=BillingProvider(provider=provider, taxonomy="207X00000X"),
        subscriber=Subscriber(
            relationship="18",
            filing_indicator="CI",
            group_number="G1",
            person=person(),
            payer=Party("PR", "2", last="SUMMIT", id_qualifier="PI", id="SUMMIT"),
        ),
        references=[Reference("F8", replaces)] if replaces else [],
        diagnoses=[Diagnosis("ABK", "M1711")],
        lines=lines,
    )
    for name, value in changes.items():
        setattr(found, name, value)
    return found


def claims_set(*claims: Claim837P) -> Claims837P:
    contact = Contact("IC", "EDI", (("EM", "edi@overturn.example"),))
    submitter = Party("41", "2", last="OVERTURN", id_qualifier="46", id="OVERTURN", contacts=[contact])
    receiver = Party("40", "2", last="SUMMIT", id_qualifier="46", id="SUMMITHP")
    return Claims837P(
        reference_id="B1", date=SENT, time="0000", submitter=submitter, receiver=receiver, claims=list(claims)
    )


class Payer:
    """One payer, and what it has said so far."""

    def __init__(self, payer: PayerModel, members: list[Member], root: Path) -> None:
        self.payer, self.root, self.members = payer, root, members
        self.door = root / "doors" / payer.payer_id
        self.number = 0
        self.files: list[str] = []
        self.said: list[TransactionSet] = []
        self.simulator = self.start()

    def start(self) -> Simulator:
        where = Surroundings(self.root, self.root / "doors", self.root, seed=1)
        return Simulator([self.payer], Members(self.members), where)

    def give(self, kind: str, *sets: TransactionSet, day: date = SENT) -> None:
        self.number += 1
        control = f"00{day:%m%d}{self.number:03d}"
        interchange = Interchange("OVERTURN", "SUMMITHP", control, date=day, groups=[Group(control, list(sets))])
        (self.door / "to_payer" / f"{control}.{kind}").write_bytes(write(interchange))

    def days(self, last: date, first: date = SENT) -> None:
        day = first
        while day <= last:
            self.simulator.pick_up()
            self.simulator.tick(day)
            self.fetch()
            day += timedelta(days=1)

    def fetch(self) -> None:
        for path in sorted((self.door / "from_payer").iterdir()):
            if path.is_file():
                self.files.append(path.name)
                if path.suffix != ".json":
                    reading = read(path.read_bytes())
                    transactions = list(reading.transactions())
                    assert not [found for one in transactions for found in one.diagnostics if found.severity != "info"]
                    self.said += transactions
                path.rename(path.parent / "archive" / path.name)

    def of(self, kind: type[Any]) -> list[Any]:
        return [one for one in self.said if isinstance(one, kind)]

    def answers(self) -> list[Any]:
        return [one for remittance in self.of(Remittance835) for one in remittance.claims]


@pytest.fixture
def desk(payers: dict[str, PayerModel], make_member: Make, tmp_path: Path) -> Iterator[Payer]:
    summit = payers["SUMMIT"]
    free = tuple(plan.model_copy(update={"deductible_cents": 0}) for plan in summit.benefits.plans)
    plain = summit.model_copy(
        update={
            "takebacks": (),
            "clocks": summit.clocks.model_copy(update={"late_share": 0.0}),
            "benefits": summit.benefits.model_copy(update={"plans": free}),
        }
    )
    made = Payer(
        plain,
        [make_member(persons=(PersonFacts(last="BRENMOTT", first="ADA", birth_date=date(1980, 5, 17), sex="F"),))],
        tmp_path,
    )
    yield made
    made.simulator.close()


def test_a_claim_is_acknowledged_the_day_after_and_paid_in_part(desk: Payer) -> None:
    desk.give("837", claims_set(claim()))
    desk.days(SENT + timedelta(days=30))
    (group,) = desk.of(Ack999)
    (ack,) = desk.of(ClaimAck277CA)
    assert (group.code, group.group_control_number) == ("A", "000114001")
    assert [found.claim_id for *_, found in ack.claims] == [CLAIM]
    assert [found.statuses[0].category for *_, found in ack.claims] == ["A2"]
    (answer,) = desk.answers()
    assert (answer.claim_id, answer.status, answer.charge) == (CLAIM, "1", 50_000)
    visit, injection = answer.lines
    assert [(cas.group, cas.carc, cas.cents) for cas in visit.adjustments] == [("CO", "4", 18_500)]
    assert visit.remarks == ["N822"]
    assert injection.paid > 0
    assert not list((desk.door / "to_payer").glob("*.837"))


def test_a_replacement_takes_the_old_answer_back_and_pays_the_modifier(desk: Payer) -> None:
    desk.give("837", claims_set(claim()))
    desk.days(SENT + timedelta(days=20))
    first = desk.answers()[0]
    again = SENT + timedelta(days=20)
    desk.give("837", claims_set(claim("7", first.payer_control_number, ("25",))), day=again)
    desk.days(SENT + timedelta(days=50), again + timedelta(days=1))
    _, back, renewed = desk.answers()
    assert (back.status, back.paid, back.payer_control_number) == ("22", -first.paid, first.payer_control_number)
    assert [line.paid for line in back.lines] == [-line.paid for line in first.lines]
    assert renewed.status == "1"
    assert renewed.paid > first.paid
    assert renewed.payer_control_number != first.payer_control_number


def test_a_replacement_of_an_unknown_claim_is_rejected(desk: Payer) -> None:
    desk.give("837", claims_set(claim("7", "NOTHING")))
    desk.days(SENT + timedelta(days=30))
    (ack,) = desk.of(ClaimAck277CA)
    assert [found.statuses[0].category for *_, found in ack.claims] == ["A3"]
    assert desk.answers() == []


def test_a_void_only_takes_back(desk: Payer) -> None:
    desk.give("837", claims_set(claim()))
    desk.days(SENT + timedelta(days=20))
    desk.give("837", claims_set(claim("8", desk.answers()[0].payer_control_number)), day=SENT + timedelta(days=20))
    desk.days(SENT + timedelta(days=45), SENT + timedelta(days=21))
    assert [answer.status for answer in desk.answers()] == ["1", "22"]
    (_, check) = desk.of(Remittance835)
    assert check.amount == 0, "a payment is never negative"
    assert [level.reason for level in check.provider_adjustments] == ["FB"]


def test_a_lost_claim_is_not_known_when_asked_for(desk: Payer, make_member: Make) -> None:
    day = date(2026, 1, 12)
    desk.simulator.close()
    desk.members = [make_member(services=(Service(service_date=day, loses=1),))]
    desk.simulator = desk.start()
    desk.give("837", claims_set(claim()))
    desk.days(SENT + timedelta(days=10))
    assert desk.of(ClaimAck277CA) == []
    asked = SENT + timedelta(days=10)
    desk.give("276", status_request(), day=asked)
    desk.give("837", claims_set(claim()), day=asked + timedelta(days=3))
    desk.days(SENT + timedelta(days=40), asked + timedelta(days=1))
    (status,) = desk.of(StatusResponse277)
    assert status.subjects[0].claims[0].statuses[0].category == "A4"
    assert len(desk.answers()) == 1, "sent again it is found"


def status_request() -> StatusRequest276:
    inquiry = ClaimInquiry(
        trace=Trace("1", "T1"), references=[Reference("EJ", CLAIM)], dates=[Dated("472", date(2026, 1, 12))]
    )
    subscriber = person()
    subscriber.street = subscriber.city = subscriber.state = subscriber.zip = ""
    subject = StatusInquiry(
        source=Party("PR", "2", last="SUMMIT", id_qualifier="PI", id="SUMMIT"),
        receiver=Party("41", "2", last="OVERTURN", id_qualifier="46", id="OVERTURN"),
        provider=Party("1P", "2", last="RIVERSIDE", id_qualifier="XX", id="2700001375"),
        subscriber=subscriber,
        claims=[inquiry],
    )
    return StatusRequest276(reference_id="S1", date=SENT, time="0000", subjects=[subject])


@pytest.mark.parametrize(("member_id", "wanted"), [("SHP123456789", "1"), ("SHP000000000", "75"), ("X1", "72")])
def test_an_inquiry_is_answered(desk: Payer, member_id: str, wanted: str) -> None:
    subscriber = person(member_id=member_id)
    subscriber.street = subscriber.city = subscriber.state = subscriber.zip = ""
    question = EligibilityInquiry(
        source=Party("PR", "2", last="SUMMIT", id_qualifier="PI", id="SUMMIT"),
        receiver=Party("1P", "2", last="RIVERSIDE", id_qualifier="XX", id="2700001375"),
        subscriber=subscriber,
        subscriber_traces=[Trace("1", CLAIM, "9OVERTURN0")],
        dates=[Dated("291", date(2026, 1, 12))],
        queries=[EligibilityQuery(service_types=("30",))],
    )
    desk.give("270", Inquiry270(reference_id="Q1", date=SENT, time="0000", subjects=[question]))
    desk.days(SENT + timedelta(days=2))
    (answer,) = desk.of(Response271)[0].subjects
    said = [benefit.information for benefit in answer.benefits] + [refusal.reason for refusal in answer.rejections]
    assert said[0] == wanted
    assert [trace.number for trace in answer.subscriber_traces] == [CLAIM]


def packet(control: str, **changes: Any) -> bytes:
    data = {
        "appeal_id": f"{CLAIM}-D1-A1",
        "claim_id": CLAIM,
        "payer_id": "SUMMIT",
        "payer_control_number": control,
        "kind": "appeal",
        "level": 1,
        "addressee": "SUMMIT RECONSIDERATIONS",
        "denied": 18_500,
        "lines": ["L001"],
        "codes": ["CO-97", "M15"],
        "grounds": "distinct_service",
        "statement": "The services were distinct.",
        "evidence": [{"kind": "operative_note", "reference": "A1", "supports": ["distinct_service"]}],
        "denied_on": "2026-01-28",
        **changes,
    }
    return json.dumps({"sent_on": "2026-02-05", "data": data, "phi": {}}).encode()


def bundled(desk: Payer, make_member: Make, *, distinct: bool) -> str:
    """A debridement with a lesion beside it: the lesion is denied; its payer control number."""
    desk.simulator.close()
    desk.members = [make_member(services=(Service(service_date=date(2026, 1, 12), distinct_service=distinct),))]
    desk.simulator = desk.start()
    made = claim()
    made.lines[0].procedure, made.lines[1].procedure = Procedure("HC", "17000"), Procedure("HC", "11042")
    desk.give("837", claims_set(made))
    desk.days(date(2026, 2, 5))
    return str(desk.answers()[0].payer_control_number)


@pytest.mark.parametrize(
    ("distinct", "changes", "decision"),
    [
        (True, {}, "overturned"),
        (False, {}, "upheld"),
        (True, {"evidence": []}, "dismissed"),
        (True, {"addressee": "ELSEWHERE"}, "dismissed"),
        (True, {"level": 2, "addressee": "SUMMIT APPEALS COMMITTEE"}, "dismissed"),
        (True, {"codes": ["CO-4"]}, "dismissed"),
    ],
)
def test_what_wins_follows_from_fact_evidence_level_and_addressee(
    desk: Payer, make_member: Make, distinct: bool, changes: dict[str, Any], decision: str
) -> None:
    never = desk.payer.appeals.model_copy(update={"wrong_decision_share": 0.0})
    desk.payer = desk.payer.model_copy(update={"appeals": never})
    control = bundled(desk, make_member, distinct=distinct)
    (desk.door / "to_payer" / "000205009.appeal.json").write_bytes(packet(control, **changes))
    desk.days(date(2026, 3, 10), date(2026, 2, 6))
    letter = json.loads((desk.door / "from_payer" / "archive" / f"{CLAIM}-D1-A1.decision.json").read_text())
    assert letter["decision"] == decision
    statuses = [answer.status for answer in desk.answers()]
    assert statuses == (["1", "22", "1"] if decision == "overturned" else ["1"])
    if decision == "overturned":
        assert all(not [cas for cas in line.adjustments if cas.carc == "97"] for line in desk.answers()[-1].lines)


def test_a_late_appeal_is_dismissed(desk: Payer, make_member: Make) -> None:
    control = bundled(desk, make_member, distinct=True)
    content = packet(control).replace(b"2026-02-05", b"2026-06-05")
    (desk.door / "to_payer" / "000605009.appeal.json").write_bytes(content)
    desk.days(date(2026, 7, 10), date(2026, 6, 4))
    letter = json.loads((desk.door / "from_payer" / "archive" / f"{CLAIM}-D1-A1.decision.json").read_text())
    assert (letter["decision"], letter["reason"]) == ("dismissed", "late")


def test_a_kill_before_or_after_delivery_sends_nothing_twice(desk: Payer) -> None:
    desk.give("837", claims_set(claim()))
    desk.simulator.pick_up()
    desk.simulator.close()
    desk.simulator = desk.start()
    day = SENT + timedelta(days=1)
    desk.simulator.deliver = lambda: None  # type: ignore[method-assign]
    desk.simulator.tick(day)
    desk.simulator.close()
    assert not list((desk.door / "from_payer").glob("*.999"))
    desk.simulator = desk.start()
    desk.fetch()
    desk.simulator.tick(day)
    desk.fetch()
    assert sorted(name.split(".")[1] for name in desk.files) == ["277ca", "999"]
    assert len(set(desk.files)) == len(desk.files)


def test_a_file_that_nobody_can_read_hurts_no_other(desk: Payer) -> None:
    (desk.door / "to_payer" / "000000001.837").write_bytes(b"no x12 at all")
    (desk.door / "to_payer" / "000000002.appeal.json").write_bytes(b"{")
    (desk.door / "to_payer" / ".tmp-000000003.837").write_bytes(b"half")
    desk.give("837", claims_set(claim()))
    desk.days(SENT + timedelta(days=30))
    assert len(desk.answers()) == 1
    assert [path.name for path in (desk.door / "to_payer").iterdir() if path.is_file()] == [".tmp-000000003.837"]
