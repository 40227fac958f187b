"""Composition root of denial_triage."""

from pathlib import Path

from schemas.directory import DirectoryError, PayerDirectory, load_directory
from services.chassis.config import ConfigError
from services.chassis.observe import observed
from services.chassis.service import Context, Service
from services.denial_triage.handlers import routes
from services.denial_triage.metrics import observe
from services.denial_triage.store import DOCUMENTS


def build(context: Context) -> Service:
    """denial_triage, ready for the chassis; raises ConfigError where the payer directory cannot be used."""
    return Service(name="denial_triage", routes=observed(routes(_directory(context)), observe), documents=DOCUMENTS)


def _directory(context: Context) -> PayerDirectory:
    path = context.config.options.get("OVERTURN_DIRECTORY", "")
    if not path:
        raise ConfigError("OVERTURN_DIRECTORY is not set: name the payer directory, a YAML file")
    try:
        return load_directory(Path(path))
    except DirectoryError as error:
        raise ConfigError(str(error)) from None
