"""Answer files: names and control numbers are a function of the payer's day and of the file's place in it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from deploy.local.payers.model.payer import PayerModel
from schemas.x12 import Group, Interchange, Party, TransactionSet, X12WriteError, write

EPOCH = date(1970, 1, 1)
SITUATIONAL = 4


@dataclass(frozen=True, slots=True)
class AnswerFile:
    """One file at the payer's door."""

    name: str
    content: bytes
    awaits: tuple[tuple[str, int], ...] = ()
    """The receipts that it is to bring: 999 or TA1, and the control number that they name."""


@dataclass(slots=True)
class Outbox:
    """The files of one payer and day, in the order in which they are made."""

    payer: PayerModel
    day: date
    submitter: str
    files: list[AnswerFile] = field(default_factory=list)

    def add(self, suffix: str, transactions: Sequence[TransactionSet]) -> AnswerFile:
        """One interchange with these sets; raises X12WriteError where one of them is no such set or does not balance.

        What a guide or code list does not allow (SNIP 4-7) is sent all the same: a payer says what its policy says.
        """
        number = len(self.files) + 1
        control = f"{(self.day - EPOCH).days % 100_000:05d}{number:04d}"
        interchange = Interchange(
            sender=self.payer.published.interchange_id,
            receiver=self.submitter,
            control_number=control,
            date=self.day,
            time="0600",
            ack_requested="1" if self.payer.receipts.asks_ta1 else "0",
            groups=[Group(control_number=str(int(control)), transactions=list(transactions))],
        )
        awaits = [("999", int(control))] if suffix.upper() in self.payer.published.acknowledged_sets else []
        awaits += [("TA1", int(control))] if self.payer.receipts.asks_ta1 else []
        return self.plain(f"{self.day:%Y%m%d}-{number:03d}.{suffix}", _bytes(interchange), tuple(awaits))

    def plain(self, name: str, content: bytes, awaits: tuple[tuple[str, int], ...] = ()) -> AnswerFile:
        """A file that is no X12, or that is made already."""
        made = AnswerFile(name, content, awaits)
        self.files.append(made)
        return made


def _bytes(interchange: Interchange) -> bytes:
    try:
        return write(interchange)
    except X12WriteError as refused:
        if any(finding.snip < SITUATIONAL for finding in refused.diagnostics):
            raise
        return write(interchange, unchecked=True)


def payer_party(payer: PayerModel, entity: str = "PR") -> Party:
    """The payer by its id (NM108 PI)."""
    return Party(entity, "2", last=payer.published.name, id_qualifier="PI", id=payer.payer_id)
