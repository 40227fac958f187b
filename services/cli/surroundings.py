"""Which broker, database and keys a command works on: the environment's, else the stack that runs on the state folder."""

import os
from collections.abc import Mapping

import typer

from deploy.local.errors import StackError
from deploy.local.state import running_stack, state_dir
from services.chassis.config import Config, ConfigError, from_env
from services.chassis.crypto import Cipher, KeyFileError, load_keys

WRONG_CONFIGURATION = 78


def surroundings(env: Mapping[str, str] | None = None) -> tuple[Config, Cipher]:
    """Configuration and keys; ends the command with one line and status 78 when something is missing."""
    given = dict(os.environ if env is None else env)
    try:
        merged = {**(running_stack(state_dir()) or {}), **given}
        config = from_env("cli", merged)
        return config, Cipher(load_keys(config.keys))
    except (ConfigError, KeyFileError, StackError) as error:
        typer.echo(f"{error}; or start a stack here with `overturn up`", err=True)
        raise typer.Exit(WRONG_CONFIGURATION) from None
