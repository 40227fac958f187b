"""The composition root of the clearinghouse: lanes, the door to payers, the source of their answers."""

from pathlib import Path

from schemas.directory import DirectoryError, PayerDirectory, load_directory, load_guides
from schemas.x12.companion import Guide
from services.chassis.config import ConfigError
from services.chassis.observe import observed
from services.chassis.service import Context, Service
from services.clearinghouse.handlers import DOOR, routes
from services.clearinghouse.inbound_folders import make_folders
from services.clearinghouse.inbound_source import InboundSource
from services.clearinghouse.metrics import observe
from services.clearinghouse.outbound_door import OutboundDoor
from services.clearinghouse.store import DOCUMENTS, Store


def build(context: Context) -> Service:
    """The service, composed; raises ConfigError where the payer directory cannot be used."""
    directory, guides = _directory(context)
    doors = context.config.doors
    make_folders(doors, tuple(payer.payer_id for payer in directory.payers))
    store = Store(context)
    return Service(
        name="clearinghouse",
        routes=observed(routes(directory, guides), observe),
        documents=DOCUMENTS,
        doors={DOOR: OutboundDoor(doors, store.lane, store.sent)},
        sources=(InboundSource(doors, directory, context.identity, store.blobs, store.manifests, store.checks),),
    )


def _directory(context: Context) -> tuple[PayerDirectory, dict[str, tuple[Guide, ...]]]:
    path = context.config.options.get("OVERTURN_DIRECTORY", "")
    if not path:
        raise ConfigError("OVERTURN_DIRECTORY is not set: name the payer directory, a YAML file")
    try:
        directory = load_directory(Path(path))
        return directory, load_guides(directory, Path(path).parent)
    except DirectoryError as error:
        raise ConfigError(str(error)) from None
