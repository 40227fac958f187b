"""`python -m services.<name>`: configuration, keys, logs, signals, and the exit status."""

import asyncio
import gc
import logging
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from typing import Any, NoReturn

import uvloop

from services.chassis import failpoints
from services.chassis.config import Config, ConfigError, from_env
from services.chassis.crypto import Cipher, KeyFileError, load_keys
from services.chassis.identity import Identity
from services.chassis.liveness import STALLED
from services.chassis.log import configure
from services.chassis.service import Build, Context
from services.chassis.verdicts import Fatal

CONFIG_ERROR = 78
log = logging.getLogger(__name__)


def main(build: Build, name: str | None = None) -> NoReturn:
    """Run a worker of the service that `build` composes, until SIGTERM or SIGINT; never returns.

    The name is that of build's package unless given. Exit status: 0 stopped, 70 could not go on (start it again),
    78 wrong configuration (one line on stderr names the variable and the remedy).
    """
    service = name or build.__module__.split(".")[-2]
    guarded(service, lambda: _serve(prepare(service), build))


def guarded(service: str, serve: Callable[[], Coroutine[Any, Any, int]]) -> NoReturn:
    """Run a process to its exit status, every failure told in one line."""
    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())  # the threads of Faust take theirs from it too
    try:
        status = asyncio.run(serve())
    except (ConfigError, KeyFileError) as error:
        print(f"{service}: {error}", file=sys.stderr)
        status = CONFIG_ERROR
    except Fatal as error:
        log.error("the process ends: %s", str(error))  # our own words: a Fatal names no value
        status = STALLED
    except Exception as error:
        log.exception("the process ends: unexpected %s", type(error).__name__)
        status = STALLED
    sys.stderr.flush()
    os._exit(status)  # threads of Faust may still wait for a broker that is away


def prepare(service: str) -> Context:
    """Configuration, logs, fail points and keys; raises ConfigError or KeyFileError."""
    config = from_env(service)
    configure(service, config.worker)
    _arm(config)
    keys = load_keys(config.keys)
    return Context(config=config, identity=Identity(keys.identity()), cipher=Cipher(keys))


def _arm(config: Config) -> None:
    try:
        failpoints.arm(config.service, config.options.get("OVERTURN_FAILPOINT", ""), config.state)
    except ValueError as error:
        raise ConfigError(str(error)) from None


async def _serve(context: Context, build: Build) -> int:
    from services.chassis.worker import Worker  # late: a wrong configuration is told without waiting for imports

    worker = Worker(context, build(context))
    gc.freeze()  # what start-up made stays: the collector need not walk it at every batch
    gc.set_threshold(500_000, 20, 50)  # a batch in hand is not garbage, however many objects it takes
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, worker.stop)
    await worker.run()
    return 0
