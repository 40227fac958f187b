"""Composition root of claim_submission."""

from pathlib import Path

from schemas.directory import DirectoryError, PayerDirectory, load_directory
from services.chassis.config import ConfigError
from services.chassis.observe import observed
from services.chassis.service import Context, Service
from services.claim_submission.handlers import routes
from services.claim_submission.metrics import observe
from services.claim_submission.store import DOCUMENTS


def build(context: Context) -> Service:
    """claim_submission, ready for the chassis; raises ConfigError where the payer directory cannot be used."""
    table = routes(_directory(context))
    return Service(name="claim_submission", routes=observed(table, observe), documents=DOCUMENTS)


def _directory(context: Context) -> PayerDirectory:
    path = context.config.options.get("OVERTURN_DIRECTORY", "")
    if not path:
        raise ConfigError("OVERTURN_DIRECTORY is not set: name the payer directory, a YAML file")
    try:
        return load_directory(Path(path))
    except DirectoryError as error:
        raise ConfigError(str(error)) from None
