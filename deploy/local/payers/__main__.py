"""`python -m deploy.local.payers`: the payer simulator, until it is told to stop."""

import os
import sys

from deploy.local.clock import ClockGroup, follow
from deploy.local.payers.loading import PolicyError
from deploy.local.payers.simulator import build, surroundings

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
    clock = ClockGroup(bootstrap, f"{prefix}clock.v1", f"{prefix}payers")
    follow(clock, POLL_MILLISECONDS, simulator.tick, between=simulator.pick_up)
    simulator.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
