"""A file's bytes → drafts in slices, and what its manifest says at the end."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from itertools import islice

from schemas.directory import PayerProfile
from schemas.x12 import Remittance835, TransactionSet, read
from schemas.x12.reading import Reading
from services.clearinghouse import metrics
from services.clearinghouse.check_records import CheckRecords
from services.clearinghouse.domain import answers835
from services.clearinghouse.domain.answers import answers, interchange_answers
from services.clearinghouse.domain.answers835 import PaymentSummary
from services.clearinghouse.domain.checks import PARK, PARKED
from services.clearinghouse.domain.decisions import UnreadableDecision, draft
from services.clearinghouse.domain.drafts import Draft, Origin
from services.clearinghouse.domain.receipts import receipts
from services.clearinghouse.domain.remittance835 import assess, check_id
from services.clearinghouse.manifests import READ, UNREADABLE, Delivery

SLICE = 500
DECISION = ".decision.json"


class Content:
    """Reads one delivery; `outcome` is complete when `slices` is used up."""

    def __init__(
        self, name: str, content: bytes, origin: Origin, checks: CheckRecords, profile: PayerProfile | None
    ) -> None:
        self._name = name
        self._content = content
        self._origin = origin
        self._checks = checks
        self._profile = profile
        self._taken: set[int] = set()
        self._payments: list[PaymentSummary] = []
        self._unmatched = 0
        self._understood = 0
        self._fault = ("", "")

    async def slices(self) -> AsyncIterator[list[Draft]]:
        """Events in the order of the file, at most 500 at a time."""
        if self._name.endswith(DECISION):
            for letter in self._letter():
                yield [letter]
            return
        reading = read(self._content)
        sets = await asyncio.to_thread(lambda: list(reading.transactions()))
        acks = list(interchange_answers(reading.interchanges, self._origin))
        self._understood += sum(len(interchange.acks) for interchange in reading.interchanges)
        for part in sliced(acks):
            yield part
        for st, found in enumerate(sets, 1):
            async for part in self._set(found, st):
                yield part
        if self._profile is not None:
            for part in sliced(receipts(reading, self._taken, self._profile, self._origin)):
                yield part
        if not self._understood:
            self._fault = self._why(reading, sets)

    def outcome(self, delivery: Delivery) -> Delivery:
        """The delivery with what it came to."""
        state = UNREADABLE if self._fault[0] else READ
        return delivery.model_copy(
            update={
                "state": state,
                "reason": self._fault[0],
                "place": self._fault[1],
                "payments": tuple(self._payments),
                "unmatched": self._unmatched,
            }
        )

    def _letter(self) -> Iterator[Draft]:
        if not self._origin.payer_id:
            self._fault = ("no_business_at_this_door", "file")
            return
        try:
            yield draft(self._content, self._origin)
        except UnreadableDecision as error:
            self._fault = ("decision_unreadable", str(error))

    async def _set(self, found: TransactionSet, st: int) -> AsyncIterator[list[Draft]]:
        if isinstance(found, Remittance835):
            self._understood += 1
            for part in sliced(await self._payment(found, st)):
                yield part
            return
        told = answers(found, st, self._origin)
        if told is None:
            self._unmatched += 1
            return
        self._understood += 1
        self._unmatched += told.unmatched
        if told.drafts:
            self._taken.add(found.position)
        for part in sliced(told.drafts):
            yield part

    async def _payment(self, payment: Remittance835, st: int) -> Iterable[Draft]:
        origin = self._origin
        judged = assess(payment, origin)
        check = check_id(payment, origin, st)
        reading = await self._checks.claim(check, f"{origin.sha256}-{st}-{origin.delivery}", judged)
        if reading.disposition != PARKED:
            self._taken.add(payment.position)
        self._payments.append(answers835.summary(payment, st, check, judged, reading))
        metrics.PAYMENTS.labels(origin.door, reading.disposition).inc()
        metrics.CLAIMS_PARKED.labels(origin.door).inc(reading.places.count(PARK))
        return answers835.drafts(payment, st, check, judged, reading, origin)

    @staticmethod
    def _why(reading: Reading, sets: list[TransactionSet]) -> tuple[str, str]:
        """Why nothing in the file could be understood."""
        worst = next((finding for finding in reading.diagnostics if finding.severity == "error"), None)
        if worst is not None:
            return worst.code, f"seg {worst.segment}"
        return ("no_known_transaction", "ST") if sets else ("no_transaction", "file")


def sliced(drafts: Iterable[Draft]) -> Iterator[list[Draft]]:
    """Drafts, 500 at a time."""
    rest = iter(drafts)
    while part := list(islice(rest, SLICE)):
        yield part
