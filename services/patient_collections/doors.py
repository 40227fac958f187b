"""The door to patients: one file a statement, for whoever prints or mails it."""

from pathlib import Path

import orjson

from services.chassis.delivery import Delivery, Parcel
from services.chassis.verdicts import Effect


class StatementDoor:
    """Does the effect `statements`: the payload becomes `<statement_id>.json`, once.

    Raises OSError while the folder is full or away; the effect then waits in its document and a tick tries again.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._deliver = Delivery()

    async def __call__(self, effect_id: str, effect: Effect) -> None:
        """Deliver one statement; does nothing where it was delivered before."""
        payload = effect.payload
        content = orjson.dumps(payload, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)
        await self._deliver(Parcel(self._folder, f"{payload['statement_id']}.json", content))
