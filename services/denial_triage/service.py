"""Composition root of denial_triage."""

from services.chassis.observe import observed
from services.chassis.payer_directory import payer_directory
from services.chassis.service import Context, Service
from services.denial_triage.handlers import routes
from services.denial_triage.metrics import observe
from services.denial_triage.store import DOCUMENTS


def build(context: Context) -> Service:
    """denial_triage, ready for the chassis; raises ConfigError where the payer directory cannot be used."""
    return Service(
        name="denial_triage", routes=observed(routes(payer_directory(context.config)), observe), documents=DOCUMENTS
    )
