"""The composition root of the clearinghouse: lanes, the door to payers, the source of their answers."""

from schemas.x12 import (
    Ack999,
    ClaimAck277CA,
    Claims837P,
    InformationRequest277,
    Inquiry270,
    Remittance835,
    Response271,
    StatusRequest276,
    StatusResponse277,
)
from schemas.x12.readiness import prepare
from services.chassis.observe import observed
from services.chassis.payer_directory import companion_guides, payer_directory
from services.chassis.service import Context, Service
from services.clearinghouse.domain.composing import DELIMITERS
from services.clearinghouse.handlers import DOOR, routes
from services.clearinghouse.inbound_folders import make_folders
from services.clearinghouse.inbound_source import InboundSource
from services.clearinghouse.metrics import observe
from services.clearinghouse.outbound_door import OutboundDoor
from services.clearinghouse.store import DOCUMENTS, Store

SENT = (Inquiry270, Claims837P, StatusRequest276, Ack999)
READ = (Response271, ClaimAck277CA, StatusResponse277, InformationRequest277, Remittance835)


def build(context: Context) -> Service:
    """The service, composed; raises ConfigError where the payer directory cannot be used.

    What reads and writes X12 is made now: the first lane that closes has a whole day's claims waiting behind it.
    """
    prepare((*SENT, *READ), DELIMITERS)
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
