"""What a simulated payer makes of the 999s and TA1s that it gets."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from deploy.local.payers import PayerModel
from deploy.local.payers.answers.files import Outbox
from deploy.local.payers.deciding.members import Members
from deploy.local.payers.desk.desk import Desk
from deploy.local.payers.desk.receipts import take_receipts
from deploy.local.payers.desk.store import InboxFile, Store
from schemas.x12 import (
    Benefit,
    EligibilityAnswer,
    Group,
    Interchange,
    InterchangeAck,
    Party,
    Response271,
    Trace,
    make999,
    make_ta1,
    read,
    write,
)

DAY = date(2026, 1, 14)


@pytest.fixture
def desk(payers: dict[str, PayerModel], tmp_path: Path) -> Iterator[Desk]:
    harbor = payers["HARBOR"]
    published = harbor.published.model_copy(update={"acknowledged_sets": ("271",)})
    asking = harbor.model_copy(update={"published": published})
    store = Store(tmp_path / "payers.db")
    yield Desk(asking, Members([]), store, DAY, 1, Outbox(asking, DAY, "OVERTURN"))
    store.close()


def inbox(name: str, interchange: Interchange) -> InboxFile:
    return InboxFile(name, name.partition(".")[2], DAY, write(interchange))


def back(**parts: object) -> Interchange:
    return Interchange("OVERTURN", "HARBORMUT", "000000001", date=DAY, **parts)  # type: ignore[arg-type]


def test_what_was_wanted_is_struck_off_once(desk: Desk, answer_271: Response271) -> None:
    file = desk.out.add("271", [answer_271])
    desk.store.send(desk.id, [file])
    reading = read(file.content)
    list(reading.transactions())
    assert reading.interchanges[0].ack_requested == "1"
    ta1 = inbox("000000001.TA1", back(acks=make_ta1(reading)))
    group = inbox("000000002.999", back(groups=[Group("1", list(make999(reading)))]))
    take_receipts(desk, ta1)
    take_receipts(desk, group)
    assert desk.store.receipts() == ({"HARBOR 999": (1, 1), "HARBOR TA1": (1, 1)}, [])
    take_receipts(desk, group)
    counted, complaints = desk.store.receipts()
    assert counted["HARBOR 999"] == (1, 1)
    assert len(complaints) == 1 and "waits for none" in complaints[0]


def test_a_receipt_of_nothing_is_complained_of(desk: Desk) -> None:
    take_receipts(desk, inbox("000000001.TA1", back(acks=[InterchangeAck("000000009", DAY, "0600")])))
    take_receipts(desk, InboxFile("000000002.999", "999", DAY, b"no X12"))
    _, complaints = desk.store.receipts()
    assert len(complaints) >= 2 and all("HARBOR 2026-01-14 00000000" in told for told in complaints)


@pytest.fixture
def answer_271() -> Response271:
    return Response271(
        reference_id="B1",
        date=DAY,
        time="0600",
        subjects=[
            EligibilityAnswer(
                source=Party("PR", "2", last="HARBOR", id_qualifier="PI", id="HARBOR"),
                receiver=Party("1P", "2", last="RIVERSIDE", id_qualifier="XX", id="1234567893"),
                subscriber=Party("IL", "1", last="BRENMOTT", first="ADA", id_qualifier="MI", id="HM1"),
                subscriber_traces=[Trace("2", "T1", "9OVERTURN0")],
                benefits=[Benefit("1", service_types=("30",))],
            )
        ],
    )
