"""Composition root of claim_submission."""

from services.chassis.observe import observed
from services.chassis.payer_directory import payer_directory
from services.chassis.service import Context, Service
from services.claim_submission.handlers import routes
from services.claim_submission.metrics import observe
from services.claim_submission.store import DOCUMENTS


def build(context: Context) -> Service:
    """claim_submission, ready for the chassis; raises ConfigError where the payer directory cannot be used."""
    table = routes(payer_directory(context.config))
    return Service(name="claim_submission", routes=observed(table, observe), documents=DOCUMENTS)
