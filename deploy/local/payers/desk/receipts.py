"""What the biller acknowledges: every 999 and TA1 must answer something that this payer sent and wanted answered, once."""

from deploy.local.payers.desk.desk import Desk
from deploy.local.payers.desk.store import InboxFile
from schemas.x12 import Ack999, read
from schemas.x12.diagnostics import errors

GROUP, INTERCHANGE = "999", "TA1"


def take_receipts(desk: Desk, file: InboxFile) -> None:
    """Strike off what is acknowledged; complain of the rest."""
    reading = read(file.content, file=file.name)
    sets = list(reading.transactions())
    wrong = {finding.code for one in sets for finding in errors(one.diagnostics)}
    wrong |= {finding.code for finding in errors(reading.diagnostics)}
    for code in sorted(wrong):
        desk.store.complain(desk.id, desk.day, f"{file.name}: {code}")
    found = [(GROUP, one.group_control_number, one.code) for one in sets if isinstance(one, Ack999)]
    found += [
        (INTERCHANGE, ack.control_number, ack.code) for interchange in reading.interchanges for ack in interchange.acks
    ]
    for kind, control, verdict in found:
        if not desk.store.receipt(desk.id, kind, int(control), verdict):
            desk.store.complain(desk.id, desk.day, f"{file.name}: {kind} of {control}, which waits for none")
    if not found:
        desk.store.complain(desk.id, desk.day, f"{file.name}: acknowledges nothing")
