"""A small service on the chassis for its integration tests: `python -m tests.integration.chassis_probe`."""

import asyncio
import os
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

from schemas.document import Aggregate, Phi, Upgrade
from schemas.events.clock import TimerFired
from schemas.events.envelope import Event, EventData
from services.chassis.documents import Stored
from services.chassis.main import main
from services.chassis.service import Context, Service
from services.chassis.verdicts import Effect, Emit, Outcome, Reject, Retry, Route, Routes, TimerRoute

SERVICE = "probe"


class ProbeEvent(EventData):
    """Keeps the probe's types out of the registry of released types."""


class Name(Phi):
    name: str


class Deposited(ProbeEvent):
    TYPE: ClassVar[str] = "test.deposited.v1"
    TOPIC: ClassVar[str] = "probe.in.v1"
    PHI: ClassVar[type[Phi] | None] = Name
    cents: int
    then: str = ""
    """What to do beside: reject, crash, block, remind, write."""


class Withdrawn(ProbeEvent):
    TYPE: ClassVar[str] = "test.withdrawn.v1"
    TOPIC: ClassVar[str] = "probe.more.v1"
    cents: int


class Booked(ProbeEvent):
    TYPE: ClassVar[str] = "test.booked.v1"
    TOPIC: ClassVar[str] = "probe.out.v1"
    PHI: ClassVar[type[Phi] | None] = Name
    balance: int
    number: int


def with_balance(state: dict[str, Any]) -> dict[str, Any]:
    """Schema 1 to 2: the balance was called a sum."""
    return {**{name: value for name, value in state.items() if name != "sum"}, "balance": state["sum"]}


class Purse(Aggregate):
    SCHEMA: ClassVar[int] = 2
    UPGRADES: ClassVar[Mapping[int, Upgrade]] = {1: with_balance}

    balance: int = 0
    bookings: int = 0
    reminders: int = 0
    phi: Name | None = None


def deposit(state: Purse | None, event: Event[Deposited, Name | None], now: datetime) -> Outcome[Purse]:
    purse, then = state or Purse(), event.data.then
    if then == "reject":
        raise Reject("refused", "data.then")
    if then == "crash":
        raise KeyError("Joan Smith")
    if then == "block":
        time.sleep(3600)
    purse = booked(purse, event.data.cents, event.phi or purse.phi)
    if then == "remind":
        purse = purse.model_copy(update={"timers": purse.armed("remind", now + timedelta(days=1))})
    effects = (Effect("paper", {"balance": purse.balance, "name": "Joan Smith"}),) if then == "write" else ()
    return Outcome(purse, (emit(event.subject, purse),), effects)


def withdraw(state: Purse | None, event: Event[Withdrawn, None], now: datetime) -> Outcome[Purse]:
    purse = booked(state or Purse(), -event.data.cents, state.phi if state else None)
    return Outcome(purse, (emit(event.subject, purse),))


def remind(state: Purse, event: Event[TimerFired, None], now: datetime) -> Outcome[Purse]:
    purse = state.model_copy(update={"reminders": state.reminders + 1})
    return Outcome(purse, (emit(event.subject, purse),))


def booked(purse: Purse, cents: int, phi: Phi | None) -> Purse:
    changes: dict[str, Any] = {"balance": purse.balance + cents, "bookings": purse.bookings + 1, "phi": phi}
    return purse.model_copy(update=changes)


def emit(key: str, purse: Purse) -> Emit:
    return Emit(key, Booked(balance=purse.balance, number=purse.bookings), purse.phi)


class Paper:
    """A door that writes one file an effect; shut while a file named `shut` lies in its folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def __call__(self, effect_id: str, effect: Effect) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        if (self._folder / "shut").exists():
            raise Retry("the door is shut")
        with (self._folder / f"{effect_id}.txt").open("a") as paper:
            paper.write(f"{effect.payload['balance']}\n")


def build(context: Context) -> Service:
    routes = Routes(
        service=SERVICE,
        events=(Route(Deposited, Purse, deposit, phi=True), Route(Withdrawn, Purse, withdraw)),
        timers=(TimerRoute("remind", Purse, remind),),
    )
    return Service(SERVICE, routes, [Stored(Purse)], {"paper": Paper(context.config.doors)})


if __name__ == "__main__":
    assert asyncio and os
    main(build, SERVICE)
