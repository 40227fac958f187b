"""The whole stack, as `overturn up` runs it: topics, every service, the payer simulator, and the wall clock's ticks."""

import asyncio
from pathlib import Path

from deploy.local.fleet import service_parts
from deploy.local.payers import SHIPPED
from deploy.local.simulation.plan import PARTNERS
from deploy.local.stack import Stack
from deploy.prepare import write_surroundings
from services.chassis.topics import apply_topics


def start_whole(stack: Stack, *, payers_dir: Path = SHIPPED, workers: int = 1) -> None:
    """Bring everything up on an entered stack and let other commands find it.

    Raises PolicyError for a payer file that cannot be used, StackError naming the log of a part that does not come up.
    """
    stack.extend_env(write_surroundings(stack.state, stack.keys, payers_dir))
    asyncio.run(apply_topics(stack.bootstrap, stack.prefix, stack.partitions, PARTNERS, local=True))
    stack.run(
        *service_parts(stack, workers=workers),
        stack.python("payers", "deploy.local.payers"),
        stack.python("ticker", "services.chassis.ticker"),
    )
    stack.announce()
