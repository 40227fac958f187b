"""How many dead letters lie in the services' dead-letter topics."""

import asyncio
from collections.abc import Mapping, Sequence

from services.chassis.config import from_env
from services.chassis.crypto import Cipher, load_keys
from services.chassis.letter_desk import Desk


def dead_letters(env: Mapping[str, str], services: Sequence[str]) -> int:
    """Open letters, the same bytes at one service counted once (DOMAIN §7); `env` is a stack's environment."""
    config = from_env("cli", env)
    desk = Desk(config, Cipher(load_keys(config.keys)))
    return asyncio.run(_count(desk, services))


async def _count(desk: Desk, services: Sequence[str]) -> int:
    found = {
        (service, letter.sha256)
        for service in services
        for letter in await desk.letters(service)
        if letter.state == "open"
    }
    return len(found)
