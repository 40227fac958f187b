"""Which broker, database and keys a command works on: the environment's, else the stack that runs on the state folder."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

import typer

from deploy.local.errors import StackError
from deploy.local.state import running_stack, state_dir
from services.chassis.config import Config, ConfigError, from_env
from services.chassis.crypto import Cipher, KeyFileError, load_keys

WRONG_CONFIGURATION = 78


@dataclass(frozen=True, slots=True)
class Broker:
    """Where the broker is, and which topics of it are ours."""

    bootstrap: str
    prefix: str
    partitions: int
    partners: tuple[str, ...]


def broker(env: Mapping[str, str] | None = None) -> Broker:
    """What a command needs that only speaks with the broker: no database, no keys.

    Ends the command with one line and status 78 when something is missing.
    """
    try:
        merged = _merged(env)
        bootstrap = merged.get("KAFKA_BOOTSTRAP_SERVERS", "").strip()
        if not bootstrap:
            raise ConfigError("KAFKA_BOOTSTRAP_SERVERS is not set: set it to the broker's host:port")
        partitions = merged.get("OVERTURN_PARTITIONS", "").strip() or "4"
        if not partitions.isdecimal() or int(partitions) < 1:
            raise ConfigError("OVERTURN_PARTITIONS is no whole number of at least 1: set it to 4 or leave it out")
    except (ConfigError, StackError) as error:
        typer.echo(f"{error}; or start a stack here with `overturn up`", err=True)
        raise typer.Exit(WRONG_CONFIGURATION) from None
    partners = tuple(name.strip() for name in merged.get("OVERTURN_PARTNERS", "").split(",") if name.strip())
    return Broker(bootstrap, merged.get("OVERTURN_PREFIX", ""), int(partitions), partners)


def surroundings(env: Mapping[str, str] | None = None) -> tuple[Config, Cipher]:
    """Configuration and keys; ends the command with one line and status 78 when something is missing."""
    try:
        config = from_env("cli", _merged(env))
        return config, Cipher(load_keys(config.keys))
    except (ConfigError, KeyFileError, StackError) as error:
        typer.echo(f"{error}; or start a stack here with `overturn up`", err=True)
        raise typer.Exit(WRONG_CONFIGURATION) from None


def _merged(env: Mapping[str, str] | None) -> dict[str, str]:
    return {**(running_stack(state_dir()) or {}), **(os.environ if env is None else env)}
