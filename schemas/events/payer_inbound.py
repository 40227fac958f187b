"""payer.inbound.v1: what payers answered, one typed event an answer. Key: account, or patient for a 271."""

from datetime import date
from typing import ClassVar

from pydantic import Field

from schemas.document import Phi
from schemas.events.envelope import EventData
from schemas.events.values import Adjustment, Cents, Value

REFUSED_HERE = "clearinghouse"
"""ClaimAcknowledged.transaction where the clearinghouse itself refused the claim: no 837 left."""


class EligibilityAnswered(EventData):
    """A 271 (or a 999/TA1 refusal of our 270, as `unavailable`)."""

    TYPE: ClassVar[str] = "overturn.payer.eligibility_answered.v1"
    TOPIC: ClassVar[str] = "payer.inbound.v1"

    payer_id: str
    trace: str
    active: bool
    benefit_codes: tuple[str, ...]
    """EB01 values of service type 30 and of the plan, in order."""
    reject_codes: tuple[str, ...] = ()
    """AAA03 values."""
    plan_begins: date | None = None
    plan_ends: date | None = None
    other_payer_id: str | None = None
    """Loop 2120: another payer to bill first."""


class ClaimAcknowledged(EventData):
    """999 (only a refusal of the claim's set) or 277CA, of one claim; or our own refusal before it joined a lane."""

    TYPE: ClassVar[str] = "overturn.payer.claim_acknowledged.v1"
    TOPIC: ClassVar[str] = "payer.inbound.v1"

    claim_id: str
    version: int | None = None
    """Known for a 999 (our own lane tells) and for our own refusal; a 277CA names no version."""
    payer_id: str
    transaction: str = Field(pattern=r"^(999|277CA|clearinghouse)$")
    verdict: str = Field(pattern=r"^(accepted|received|rejected|not_found|split)$")
    statuses: tuple[str, ...]
    """STC01 composites as `A7:562:85`, 999 codes as `IK3:NM1:8`, or our own refusal: what the guide
    requires as `guide:2010BA NM109`, a rule of the payer's companion guide as `companion:acme_taxonomy`."""
    payer_control_number: str | None = None
    answered_on: date


class AnsweredLine(Value):
    """One SVC loop (2110) of an 835."""

    position: int
    control: str | None = None
    """REF*6R."""
    procedure: str = ""
    modifiers: tuple[str, ...] = ()
    submitted_procedure: str | None = None
    """SVC06, where the payer changed the code."""
    service_date: date | None = None
    units: str | None = None
    charge: Cents
    paid: Cents
    adjustments: tuple[Adjustment, ...] = ()
    remarks: tuple[str, ...] = ()
    """RARCs of LQ*HE."""


class AnswerPhi(Phi):
    """The people and numbers of an 835 claim, for a take-over account and for matching."""

    patient_name: str = ""
    member_id: str = ""
    claim_number: str = ""
    """CLP01 as it came."""


class ClaimAnswered(EventData):
    """One CLP of an 835 that balances. Its check is posted, not parked. Repeats carry the same event id."""

    TYPE: ClassVar[str] = "overturn.payer.claim_answered.v1"
    TOPIC: ClassVar[str] = "payer.inbound.v1"
    PHI: ClassVar[type[Phi] | None] = AnswerPhi

    claim_id: str | None
    """CLP01 where it is one of ours by its shape; None on a take-over account."""
    takeover_client: str | None = None
    """Set where the 835 came through a take-over door: the account may be opened from it."""
    check_id: str
    position: int
    """Of the CLP in its check, from 1."""
    payer_id: str
    status: str
    """CLP02."""
    charge: Cents
    paid: Cents
    patient_responsibility: Cents
    payer_control_number: str = ""
    facility_code: str = ""
    frequency: str = ""
    adjustments: tuple[Adjustment, ...] = ()
    """Claim-level CAS (2100)."""
    remarks: tuple[str, ...] = ()
    """RARCs of MIA and MOA."""
    lines: tuple[AnsweredLine, ...] = ()
    service_date: date | None = None
    paid_on: date
    """BPR16."""
    transaction: str = "professional"


class ClaimRecouped(EventData):
    """A PLB pair of a posted check takes back, or returns, what was paid on the claim that PLB03-2 names (DOMAIN §5).

    A reversal (CLP02 22) may explain it: only the sum of a claim's pairs tells.
    """

    TYPE: ClassVar[str] = "overturn.payer.claim_recouped.v1"
    TOPIC: ClassVar[str] = "payer.inbound.v1"

    claim_id: str
    check_id: str
    position: int
    """Of the pair among the PLB pairs of its check, from 1."""
    payer_id: str
    reason: str
    """PLB03-1: WO, 72."""
    cents: Cents
    """PLB04 as it stands: positive lowers the payment."""
    paid_on: date
    """BPR16."""


class ClaimStatusAnswered(EventData):
    """A 277: pended (P), finalised (F), not found (A4), or an error (D, E)."""

    TYPE: ClassVar[str] = "overturn.payer.claim_status_answered.v1"
    TOPIC: ClassVar[str] = "payer.inbound.v1"

    claim_id: str
    payer_id: str
    statuses: tuple[str, ...]
    answered_on: date


class AppealDecided(EventData):
    """The payer's letter: what became of an appeal or of documents sent."""

    TYPE: ClassVar[str] = "overturn.payer.appeal_decided.v1"
    TOPIC: ClassVar[str] = "payer.inbound.v1"

    appeal_id: str
    claim_id: str
    payer_id: str
    decision: str = Field(pattern=r"^(overturned|overturned_in_part|upheld|dismissed)$")
    reason: str
    """A code: `evidence_accepted`, `policy_not_met`, `late`, `wrong_level`, `wrong_addressee`, `no_evidence` …"""
    decided_on: date
