"""`python -m services.chassis.ticker`: writes the wall clock to every partition of clock.v1, one a deployment.

A simulation has a driver instead; services cannot tell which of them speaks.
"""

import asyncio
import logging
import signal
from collections.abc import Sequence
from datetime import UTC, datetime

from schemas.events.clock import Tick
from services.chassis.broker import Broker
from services.chassis.codec import Codec, Heading, derived_id
from services.chassis.config import Config
from services.chassis.log_ends import ClockView
from services.chassis.main import guarded, prepare
from services.chassis.outbox import Entry
from services.chassis.router import CLOCK
from services.chassis.service import Context
from services.chassis.web import Web

SERVICE = "ticker"
SECONDS = 10.0
log = logging.getLogger(__name__)


def tick_entries(codec: Codec, number: int, time: datetime, partitions: int) -> Sequence[Entry]:
    """The same tick for every partition; ids are derived, so that a tick written twice is one."""
    entries = []
    for partition in range(partitions):
        heading = Heading(derived_id(SERVICE, time.isoformat(), partition), f"overturn/{SERVICE}", "clock", time)
        value = codec.encode(heading, Tick(number=number), None)
        milliseconds = int(time.timestamp() * 1000)
        entries.append(Entry(heading.id, ("", 0), 0, CLOCK, "clock", partition, Tick.TYPE, milliseconds, value))
    return entries


class Ticker:
    """Writes ticks until told to stop; never one before the last."""

    def __init__(self, context: Context) -> None:
        config = context.config
        self._config: Config = config
        self._codec = Codec(context.cipher)
        self._broker = Broker(config.bootstrap, SERVICE, config.prefix)
        self._clock = ClockView(config.bootstrap, SERVICE, config.prefix, config.partitions, self._codec)
        self._started = False
        ready = lambda: None if self._started else "starting"
        self._web = Web(config.metrics_host, config.metrics_port, lambda: None, ready)
        self._stop = asyncio.Event()

    async def run(self) -> int:
        """Tick every OVERTURN_TICK_SECONDS (10)."""
        loop = asyncio.get_running_loop()
        for sign in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(sign, self._stop.set)
        seconds = float(self._config.options.get("OVERTURN_TICK_SECONDS") or SECONDS)
        await self._web.start()
        await self._broker.start()
        while not self._stop.is_set():
            try:
                await self._tick()
                self._started = True
            except TimeoutError:
                log.warning("the broker did not answer in time: no tick now, the next is tried as usual")
            try:
                await asyncio.wait_for(self._stop.wait(), seconds)
            except TimeoutError:
                continue
        await self._broker.stop()
        return 0

    async def _tick(self) -> None:
        now, last = datetime.now(UTC), await self._clock.latest()
        if last is not None and now <= last:
            log.warning("the clock's last tick is later than now: none is written until then")
            return
        entries = tick_entries(self._codec, int(now.timestamp()), now, self._config.partitions)
        await (await self._broker.send(entries))


async def serve() -> int:
    """Compose the ticker inside the running loop, which its clients need, and run it."""
    return await Ticker(prepare(SERVICE)).run()


if __name__ == "__main__":
    guarded(SERVICE, serve)
