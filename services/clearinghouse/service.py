"""The composition root of the clearinghouse: lanes, the door to payers, the source of their answers."""

from services.chassis.observe import observed
from services.chassis.payer_directory import companion_guides, payer_directory
from services.chassis.service import Context, Service
from services.clearinghouse.handlers import DOOR, routes
from services.clearinghouse.inbound_folders import make_folders
from services.clearinghouse.inbound_source import InboundSource
from services.clearinghouse.metrics import observe
from services.clearinghouse.outbound_door import OutboundDoor
from services.clearinghouse.store import DOCUMENTS, Store


def build(context: Context) -> Service:
    """The service, composed; raises ConfigError where the payer directory cannot be used."""
    directory = payer_directory(context.config)
    guides = companion_guides(context.config, directory)
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
