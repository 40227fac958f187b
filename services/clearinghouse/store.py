"""What the clearinghouse keeps: lanes (documents of the chassis) and four collections of its own beside them."""

from services.chassis.database import Database
from services.chassis.documents import Form, Stored
from services.chassis.service import Context
from services.clearinghouse.blobs import Blobs
from services.clearinghouse.check_records import CheckRecords
from services.clearinghouse.domain.lane import Lane
from services.clearinghouse.manifests import Manifests
from services.clearinghouse.sent import Sent

DOCUMENTS = (Stored(Lane),)
CHUNKS, FILES, CHECKS, SENT = "chunks", "files", "checks", "sent"


class Store:
    """The service's database, opened once beside the engine's own connection."""

    def __init__(self, context: Context) -> None:
        config = context.config
        self._database = Database(config.mongodb_url, config.database, DOCUMENTS)
        self._form = Form(context.cipher)
        self.blobs = Blobs(self._database.plain(CHUNKS), context.cipher)
        self.manifests = Manifests(self._database.plain(FILES))
        self.checks = CheckRecords(self._database.plain(CHECKS))
        self.sent = Sent(self._database.plain(SENT), self.blobs)

    async def lane(self, key: str) -> Lane:
        """A lane as it was last written; raises LookupError."""
        raw = await self._database.collection(Lane).find_one({"_id": key})
        if raw is None:
            raise LookupError("no such lane")
        state = self._form.state(Lane, raw)
        assert isinstance(state, Lane)
        return state
