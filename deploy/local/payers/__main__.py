"""`python -m deploy.local.payers`: the payer simulator, until it is told to stop."""

import os
import signal
import sys
import time
from datetime import date

from kafka.errors import KafkaError

from deploy.local.payers.clock import RETRY_SECONDS, ClockGroup
from deploy.local.payers.loading import PolicyError
from deploy.local.payers.simulator import build, surroundings
from deploy.local.ready import answer_ready

POLL_MILLISECONDS = 15
"""Also how long a file may lie at a door before it is seen."""


def main() -> int:
    """Exit status 0 when told to stop, 78 for a setting or a policy that cannot be used."""
    bootstrap = os.environ.get("KAFKA_BOOTSTRAP_SERVERS", "")
    if not bootstrap:
        print("KAFKA_BOOTSTRAP_SERVERS is not set: set it to the broker's host:port", file=sys.stderr)
        return 78
    try:
        simulator = build(surroundings())
    except PolicyError as error:
        print(error, file=sys.stderr)
        return 78
    prefix = os.environ.get("OVERTURN_PREFIX", "")
    stopping: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, _: stopping.append(received))
    clock = ClockGroup(bootstrap, f"{prefix}clock.v1", f"{prefix}payers")
    clock.start()
    answer_ready()
    waiting: list[date] = []
    while not stopping:
        try:
            waiting += clock.poll(POLL_MILLISECONDS)
            simulator.pick_up()
            while waiting:
                simulator.tick(waiting[0])
                waiting.pop(0)
            clock.commit()
        except KafkaError as error:
            print(f"broker: {type(error).__name__}; trying again", file=sys.stderr)
            time.sleep(RETRY_SECONDS)
    clock.close()
    simulator.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
