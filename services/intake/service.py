"""Composition root of intake."""

from services.chassis.observe import observed
from services.chassis.service import Context, Service
from services.intake.handlers import routes
from services.intake.metrics import observe
from services.intake.store import DOCUMENTS


def build(context: Context) -> Service:
    """intake, ready for the chassis."""
    return Service(name="intake", routes=observed(routes(context.identity), observe), documents=DOCUMENTS)
