"""One claim: its versions, lines, answers and decisions."""

from datetime import date, timedelta
from typing import NamedTuple

from pydantic import Field

from schemas.events.claims import DeniedAmount
from schemas.events.values import Cents, Ledger, Value
from services.claim_submission.domain.lines import ClaimLine, Decision, Posting
from services.claim_submission.domain.recall import Recall
from services.claim_submission.domain.recoupment import Pair, Recoupment, standing, taken_back
from services.claim_submission.domain.settlement import ledger_of, lines_money, unanswered
from services.claim_submission.domain.taken_back import TakenBack

CROSSED_OVER = frozenset({"19", "20", "21"})
"""CLP02: processed and forwarded to another payer, which will answer by itself."""


WEIGHT = {"accepted": 0, "not_found": 1, "rejected": 2}


class Word(Value):
    """What a payer said of a version: 999, 277CA or 277."""

    verdict: str
    said_on: date
    heard_on: date
    statuses: tuple[str, ...] = ()


class Version(Value):
    """One sending of the claim."""

    number: int
    frequency: str
    cause: str
    payer_id: str
    revision: int
    charge: Cents
    sent_on: date
    replaces: str | None = None
    """REF*F8 as sent."""
    payer_control_number: str | None = None
    """The payer's number for this version, once it told."""
    words: tuple[Word, ...] = ()
    """What the payer said of it before any 835."""
    told: tuple[Word, ...] = ()
    """What 277s said of it while it waited: pended, documents, finalised, error."""
    refused_on: date | None = None
    """The day on which the clearinghouse refused it: no 837 left."""
    inquiries: int = 0
    clocked_on: date | None = None
    """The day of the newest 277 whose waiting time was set."""

    def left(self, before: date) -> bool:
        """Whether it went out, as known before a day."""
        return self.refused_on is None or self.refused_on >= before

    def last_told(self, before: date) -> Word | None:
        """The newest 277 about it that we had heard before a day."""
        heard = [word for word in self.told if word.heard_on < before]
        return max(heard, key=lambda word: (word.said_on, word.heard_on, word.verdict), default=None)

    def word(self, before: date) -> Word | None:
        """The payer's last word that we had heard before a day; of two of one date the worse."""
        heard = [word for word in self.words if word.heard_on < before]
        return max(heard, key=lambda word: (word.said_on, WEIGHT[word.verdict]), default=None)

    def verdict(self, before: date) -> str | None:
        """accepted | rejected | not_found, or None while the payer has said nothing."""
        word = self.word(before)
        return word.verdict if word else None

    def ever(self, verdict: str) -> bool:
        """Whether the payer ever said so."""
        return any(word.verdict == verdict for word in self.words)

    def accepted_on(self, before: date) -> date | None:
        """The payer's own first date of acceptance, as known before a day: the proof of timely filing."""
        dates = [word.said_on for word in self.words if word.verdict == "accepted" and word.heard_on < before]
        return min(dates, default=None)


class FirstAnswer(Value):
    """The first final answer of the first payer, frozen (DOMAIN §7)."""

    check_id: str
    answered_on: date
    result: str
    denied: Cents


class Way(Value):
    """A way out of a denial that is ours to go: a corrected claim in some form."""

    denial_id: str
    way: str
    chosen_on: date
    denied_on: date
    deadline: date
    denied: tuple[DeniedAmount, ...]
    payer_control_number: str = ""
    sent_version: int | None = None
    ended_on: date | None = None
    """The day on which another way replaced it; it was open before that day."""


class Scrubbed(Value):
    """What the scrubber found in a revision; no edits: clean."""

    revision: int
    scrubbed_on: date
    edits: tuple[str, ...] = ()


class Asked(Value):
    """A correction that we asked for."""

    cause: str
    basis: int
    """The revision that needs correcting."""
    asked_on: date
    answer_by: date


class FollowUp(Value):
    """The claim waits for a person: nothing more will happen to it by itself."""

    reason: str
    opened_on: date
    due: date


class Limit(Value):
    """A day on which somebody must look at the claim: acknowledgement, adjudication, status, correction, next_payer,
    corrected_answer, rest, follow_up."""

    name: str
    on: date


class Settlement(NamedTuple):
    """A claim's ledger and the denied amounts in it."""

    ledger: Ledger
    denied: tuple[DeniedAmount, ...]


SETTLED: Recall[Settlement] = Recall()


class Claim(Value):
    """One bill of one encounter, under one CLM01 for ever."""

    claim_id: str
    payer_id: str
    """The first payer, under which the claim is counted."""
    payers: tuple[str, ...]
    """In billing order; position + 1 is the rank of a payer's answer."""
    takeover: bool = False
    """Others submitted it; its answers came to us."""
    lines: tuple[ClaimLine, ...]
    versions: tuple[Version, ...] = ()
    postings: tuple[Posting, ...] = ()
    decisions: tuple[Decision, ...] = ()
    recoupments: tuple[Recoupment, ...] = ()
    """PLB pairs that name the claim."""
    taken_back: TakenBack | None = None
    """What stood before a payer took its answer back, until the corrected one comes."""
    first: FirstAnswer | None = None
    ways: tuple[Way, ...] = ()
    scrubbed: Scrubbed | None = None
    asked: Asked | None = None
    release_on: date | None = None
    """The day on which a person said to send it as it is."""
    resends: tuple[date, ...] = ()
    """Days on which a person said to send again what waits for them, until the morning after."""
    follow_up: FollowUp | None = None
    dropped: bool = False
    limits: tuple[Limit, ...] = ()
    changes: int = Field(default=0, ge=0)
    """How many facts changed its money."""
    balance: Ledger = Ledger()
    """The ledger as it stands, kept for queries and for `reconcile`; decisions fold it anew from the facts."""

    @property
    def money_facts(self) -> tuple[object, ...]:
        """What its money is folded from."""
        return self.lines, self.postings, self.decisions, self.recoupments, self.payers

    @property
    def charge(self) -> Cents:
        """All lines of the newest version."""
        return sum([line.cents for line in self.lines])

    @property
    def service_date(self) -> date | None:
        """The first day of service."""
        return min([line.service_date for line in self.lines if line.service_date], default=None)

    @property
    def last_version(self) -> Version | None:
        """The newest sending."""
        return self.versions[-1] if self.versions else None

    @property
    def last_sent(self) -> Version | None:
        """The newest version that left the house."""
        return next((version for version in reversed(self.versions) if version.refused_on is None), None)

    @property
    def submitted(self) -> bool:
        """Whether it ever went out (or others sent it)."""
        return self.takeover or self.last_sent is not None or bool(self.postings)

    def known_sent(self, before: date) -> bool:
        """Whether it went out, or was answered before a day (others may have sent it)."""
        out = any(version.left(before) for version in self.versions)
        return self.takeover or out or any(posting.received_on < before for posting in self.postings)

    def settlement(self, before: date | None = None) -> Settlement:
        """The claim's money now, or as it stood before a day."""
        return SETTLED.of((*self.money_facts, before), lambda: self._settlement(before))

    def _settlement(self, before: date | None) -> Settlement:
        postings, decisions = self._facts(before)
        if not postings:
            return Settlement(unanswered(self.lines), ())
        lines = lines_money(self.lines, postings, decisions)
        total = ledger_of(lines, self._later_payer(postings))
        denied = tuple([entry for line in lines for entry in line.denied])
        cents = sum(self.recouped(before).values())
        if cents:
            total, again = taken_back(total, cents, decisions)
            denied = (*denied, *again)
        return Settlement(total, denied)

    def recouped(self, before: date | None = None) -> dict[Pair, Cents]:
        """The cents of each PLB pair that now stand against what was paid, or stood so before a day."""
        if not self.recoupments:
            return {}
        known = (entry for entry in self.recoupments if before is None or entry.received_on < before)
        return standing(known, self._facts(before)[0])

    def ledger(self, before: date | None = None) -> Ledger:
        """Where every cent of the claim is."""
        return self.settlement(before).ledger

    def denied(self, before: date | None = None) -> tuple[DeniedAmount, ...]:
        """The denied amounts that stand."""
        return self.settlement(before).denied

    def answered(self, version: int, before: date) -> bool:
        """Whether an answer that decides was posted to a version (or a later one) before a day."""
        answers = [entry for entry in self.postings if entry.version >= version and entry.received_on < before]
        return any(not entry.under_review for entry in answers)

    def with_limit(self, name: str, on: date, today: date, without: tuple[str, ...] = ()) -> "Claim":
        """With a limit set anew, and `without` others. One that is due today stays: it was due before today's news."""
        return self.model_copy(update={"limits": self.limits_with(name, on, today, without)})

    def without_limits(self, names: tuple[str, ...], today: date) -> "Claim":
        """Without limits that no longer matter; one that is due today stays."""
        return self.model_copy(update={"limits": self.limits_without(names, today)})

    def limits_with(self, name: str, on: date, today: date, without: tuple[str, ...] = ()) -> tuple[Limit, ...]:
        """The limits with one set anew, and `without` others."""
        limit = Limit(name=name, on=max(on, today + timedelta(days=1)))
        return (*self.limits_without((name, *without), today), limit)

    def limits_without(self, names: tuple[str, ...], today: date) -> tuple[Limit, ...]:
        """The limits but for those that no longer matter; one that is due today stays."""
        return tuple([limit for limit in self.limits if limit.name not in names or limit.on <= today])

    def _facts(self, before: date | None) -> tuple[tuple[Posting, ...], tuple[Decision, ...]]:
        if before is None:
            return self.postings, self.decisions
        postings = tuple(_as_of(posting, before) for posting in self.postings if posting.received_on < before)
        return postings, tuple(entry for entry in self.decisions if entry.decided_on < before)

    def _later_payer(self, postings: tuple[Posting, ...]) -> bool:
        heard = [posting.rank for posting in postings if not posting.reversal and not posting.reversed]
        if not heard:
            return False
        last = max(heard)
        if len(self.payers) > last:
            return True
        answers = [entry for entry in postings if not entry.reversal and entry.rank == last]
        return max(answers, key=lambda entry: entry.order).status in CROSSED_OVER


def _as_of(posting: Posting, before: date) -> Posting:
    if posting.reversed_on is None or posting.reversed_on < before:
        return posting
    return posting.model_copy(update={"reversed_on": None})
