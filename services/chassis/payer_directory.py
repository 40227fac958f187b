"""The payer directory that OVERTURN_DIRECTORY names, for the services that know payers."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from schemas.directory import DirectoryError, PayerDirectory, load_directory, load_guides
from services.chassis.config import Config, ConfigError

if TYPE_CHECKING:
    from schemas.x12.companion import Guide

T = TypeVar("T")


def payer_directory(config: Config) -> PayerDirectory:
    """All payers that we know; raises ConfigError where none can be read."""
    return _read(config, load_directory)


def companion_guides(config: Config, directory: PayerDirectory) -> dict[str, tuple["Guide", ...]]:
    """Their companion guides, by payer id; raises ConfigError where one cannot be used."""
    return _read(config, lambda path: load_guides(directory, path.parent))


def _read(config: Config, how: Callable[[Path], T]) -> T:
    path = config.options.get("OVERTURN_DIRECTORY", "")
    if not path:
        raise ConfigError("OVERTURN_DIRECTORY is not set: name the payer directory, a YAML file")
    try:
        return how(Path(path))
    except DirectoryError as error:
        raise ConfigError(str(error)) from None
