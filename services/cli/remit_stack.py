"""Where `overturn remit` posts: the stack that runs on the state folder, else one for the time of the command."""

import asyncio
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from deploy.local.simulation.plan import PARTNERS
from deploy.local.stack import Stack
from deploy.local.state import running_stack, state_dir
from deploy.prepare import write_surroundings
from services.chassis.topics import apply_topics

NEEDED = ("clearinghouse", "claim_submission", "remittance", "denial_triage")
"""Read, post, count, triage."""


@dataclass(frozen=True, slots=True)
class Post:
    """A running stack: its environment, and a look at whether its parts still live (raises StackError)."""

    env: Mapping[str, str]
    check: Callable[[], None]


@contextmanager
def posting() -> Iterator[Post]:
    """The running stack, or one that ends with the block; its state is kept either way. Raises StackError, PolicyError."""
    running = running_stack(state_dir())
    if running is not None:
        yield Post(running, lambda: None)
        return
    with Stack() as stack:
        serve(stack)
        yield Post({**os.environ, **stack.env()}, stack.check)


def serve(stack: Stack) -> None:
    """Topics and the services that post, on an entered stack."""
    stack.extend_env(write_surroundings(stack.state, stack.keys))
    asyncio.run(apply_topics(stack.bootstrap, stack.prefix, stack.partitions, PARTNERS, local=True))
    stack.run(*(stack.service(name) for name in NEEDED))
