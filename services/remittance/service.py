"""Composition root of remittance."""

from services.chassis.observe import observed
from services.chassis.service import Context, Service
from services.remittance.handlers import ROUTES
from services.remittance.metrics import observe
from services.remittance.store import DOCUMENTS


def build(context: Context) -> Service:
    """remittance, ready for the chassis."""
    return Service(name="remittance", routes=observed(ROUTES, observe), documents=DOCUMENTS)
