"""Composition root of appeals."""

from pathlib import Path

from schemas.directory import DirectoryError, PayerDirectory, load_directory
from services.appeals.handlers import routes
from services.appeals.metrics import observe
from services.appeals.store import DOCUMENTS
from services.chassis.config import ConfigError
from services.chassis.observe import observed
from services.chassis.service import Context, Service


def build(context: Context) -> Service:
    """appeals, ready for the chassis; raises ConfigError where the payer directory cannot be used."""
    return Service(name="appeals", routes=observed(routes(_directory(context)), observe), documents=DOCUMENTS)


def _directory(context: Context) -> PayerDirectory:
    path = context.config.options.get("OVERTURN_DIRECTORY", "")
    if not path:
        raise ConfigError("OVERTURN_DIRECTORY is not set: name the payer directory, a YAML file")
    try:
        return load_directory(Path(path))
    except DirectoryError as error:
        raise ConfigError(str(error)) from None
