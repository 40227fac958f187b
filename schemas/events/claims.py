"""claims.v1: what became of a claim. Key: account. Owner: claim_submission, which alone keeps the claim's money."""

from datetime import date
from typing import ClassVar

from pydantic import Field

from schemas.events.envelope import EventData
from schemas.events.values import Cents, Ledger, Value


class ClaimHeld(EventData):
    """The scrubber found what a payer would reject or deny; not sent, a correction is asked for."""

    TYPE: ClassVar[str] = "overturn.claim.held.v1"
    TOPIC: ClassVar[str] = "claims.v1"

    claim_id: str
    payer_id: str
    charge: Cents
    edits: tuple[str, ...]


class ClaimSubmitted(EventData):
    """A version of the claim went to payer.outbound.v1."""

    TYPE: ClassVar[str] = "overturn.claim.submitted.v1"
    TOPIC: ClassVar[str] = "claims.v1"

    claim_id: str
    version: int
    frequency: str
    cause: str = Field(pattern=r"^(original|resubmission|replacement|void|new_claim|reopening|next_payer)$")
    payer_id: str
    charge: Cents
    service_date: date
    filing_deadline: date | None = None


class ClaimAccepted(EventData):
    """A payer took the claim into adjudication (277CA A2): the proof of timely filing."""

    TYPE: ClassVar[str] = "overturn.claim.accepted.v1"
    TOPIC: ClassVar[str] = "claims.v1"

    claim_id: str
    version: int
    payer_id: str
    payer_control_number: str | None
    accepted_on: date


class ClaimRejected(EventData):
    """999 R or 277CA A3, A6, A7, A8: never a denial; no appeal, the filing clock still runs."""

    TYPE: ClassVar[str] = "overturn.claim.rejected.v1"
    TOPIC: ClassVar[str] = "claims.v1"

    claim_id: str
    version: int
    payer_id: str
    statuses: tuple[str, ...]
    rejected_on: date


class ClaimFollowUp(EventData):
    """The claim waits for a person, who works it by `due`; or it waits no longer."""

    TYPE: ClassVar[str] = "overturn.claim.follow_up.v1"
    TOPIC: ClassVar[str] = "claims.v1"

    claim_id: str
    payer_id: str
    reason: str = Field(pattern=r"^(held|rejected|lost|no_answer|documents|void|next_payer)$")
    """held, rejected: nobody corrected it in time; lost: the payer cannot find it; no_answer: silence after our
    inquiries, or about the rest of a claim answered in part; documents: a 277 asks for papers; void: withdrawn, and the payer takes no void; next_payer: a patient share waits
    for a payer that nobody has billed, or that does not answer what was crossed over."""
    stage: str = Field(pattern=r"^(opened|overdue|closed)$")
    """overdue: `due` passed or the filing limit is near; `due` is the next such day."""
    charge: Cents
    opened_on: date
    due: date
    filing_deadline: date | None = None
    """Last day for a new claim, while no payer has taken this one."""


class ClaimUncorrected(EventData):
    """A payer took its answer back (835 CLP02 22) and gave no other: a person asks it by `due`; or it has answered."""

    TYPE: ClassVar[str] = "overturn.claim.uncorrected.v1"
    TOPIC: ClassVar[str] = "claims.v1"

    claim_id: str
    payer_id: str
    stage: str = Field(pattern=r"^(opened|overdue|closed)$")
    """overdue: `due` passed; `due` is the next such day."""
    charge: Cents
    unanswered: Cents
    """Of the charge: what that payer has no answer for, whatever other payers answered."""
    opened_on: date
    due: date


class DeniedAmount(Value):
    """Denied cents of one line under one group and CARC (DOMAIN §3, class denial)."""

    line: str
    """Line control; `claim` where the adjustment stands at claim level and no line could take it."""
    procedure: str = ""
    group: str
    carc: str
    rarcs: tuple[str, ...] = ()
    cents: Cents


class ClaimAdjudicated(EventData):
    """A payer's final answer was posted, reversed or changed; `ledger` is the claim's money after it."""

    TYPE: ClassVar[str] = "overturn.claim.adjudicated.v1"
    TOPIC: ClassVar[str] = "claims.v1"

    claim_id: str
    version: int
    payer_id: str
    payer_rank: int = 1
    """1: the first payer; 2: the second …"""
    first_answer: bool
    """The frozen first final answer of the first payer (DOMAIN §7)."""
    first_denied: Cents | None = None
    """Denied cents of that first answer, 0 while it has not come: another payer's may be read before it. None: told before this
    field was."""
    reversal: bool = False
    awaits_correction: bool | None = None
    """A payer took its answer back and has none in its place: what stood before is held until the next final answer (DOMAIN
    §5). None: told before this field was; there a reversal that leaves cents unanswered awaits one."""
    result: str = Field(pattern=r"^(paid|denied_in_part|denied|reversed)$")
    denied: tuple[DeniedAmount, ...] = ()
    """The denied amounts that now stand on the claim, not the change."""
    paid_change: Cents
    """Change of payer_paid by this posting."""
    payer_control_number: str = ""
    check_id: str
    adjudicated_on: date
    """BPR16."""
    service_date: date | None
    accepted_on: date | None = None
    """Of the payer's own 277CA acceptance, if any: the proof for a timely-filing appeal."""
    charge: Cents
    ledger: Ledger
    ledger_version: int


class ClaimLedgerChanged(EventData):
    """The claim's money changed without an 835: released to the patient, written off, recouped by PLB."""

    TYPE: ClassVar[str] = "overturn.claim.ledger_changed.v1"
    TOPIC: ClassVar[str] = "claims.v1"

    claim_id: str
    payer_id: str
    cause: str = Field(pattern=r"^(written_off|released_to_patient|recouped|withdrawn|self_pay)$")
    denial_id: str = ""
    """Of the decision, where the cause is one: written_off, released_to_patient."""
    ledger: Ledger
    ledger_version: int


class ClaimRebilled(EventData):
    """A new version charges a claim that a payer has answered otherwise: what the answers put under the old charges has
    another amount now. Told beside ClaimSubmitted, and only where the money changed."""

    TYPE: ClassVar[str] = "overturn.claim.rebilled.v1"
    TOPIC: ClassVar[str] = "claims.v1"

    claim_id: str
    payer_id: str
    ledger: Ledger
    ledger_version: int
    denied: tuple[DeniedAmount, ...] = ()
    """What stands denied."""


class WayFailed(EventData):
    """claim_submission could not go the way that triage chose (for example: no corrected encounter in time)."""

    TYPE: ClassVar[str] = "overturn.claim.way_failed.v1"
    TOPIC: ClassVar[str] = "claims.v1"

    claim_id: str
    denial_id: str
    way: str
    reason: str
