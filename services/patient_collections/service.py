"""Composition root of patient collections."""

from contextlib import suppress

from services.chassis.observe import observed
from services.chassis.service import Context, Service
from services.patient_collections.doors import StatementDoor
from services.patient_collections.handlers import DOOR, ROUTES
from services.patient_collections.metrics import observe
from services.patient_collections.store import DOCUMENTS


def build(context: Context) -> Service:
    """patient_collections, ready for the chassis."""
    folder = context.config.doors / "statements" / "to_patients"
    with suppress(OSError):  # a folder that is away now is away for the effects, which wait; the service works on
        folder.mkdir(parents=True, exist_ok=True)
    return Service(
        name="patient_collections",
        routes=observed(ROUTES, observe),
        documents=DOCUMENTS,
        doors={DOOR: StatementDoor(folder)},
    )
