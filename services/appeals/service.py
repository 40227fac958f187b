"""Composition root of appeals."""

from services.appeals.handlers import routes
from services.appeals.metrics import observe
from services.appeals.store import DOCUMENTS
from services.chassis.observe import observed
from services.chassis.payer_directory import payer_directory
from services.chassis.service import Context, Service


def build(context: Context) -> Service:
    """appeals, ready for the chassis; raises ConfigError where the payer directory cannot be used."""
    return Service(
        name="appeals", routes=observed(routes(payer_directory(context.config)), observe), documents=DOCUMENTS
    )
