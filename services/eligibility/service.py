"""Composition root of eligibility."""

from services.chassis.observe import observed
from services.chassis.service import Context, Service
from services.eligibility.handlers import routes
from services.eligibility.metrics import observe
from services.eligibility.store import DOCUMENTS


def build(context: Context) -> Service:
    """eligibility, ready for the chassis."""
    return Service(name="eligibility", routes=observed(routes(context.identity), observe), documents=DOCUMENTS)
