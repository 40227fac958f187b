"""remittance.v1: payments and what became of their cents. Key: check identity (keyed hash)."""

from datetime import date
from typing import ClassVar

from pydantic import Field

from schemas.events.envelope import EventData
from schemas.events.values import Cents, Ledger, Value


class ProviderAdjustment(Value):
    """One PLB pair: reason, reference without PHI, signed cents as they stand (positive lowers the payment)."""

    reason: str
    reference: str = ""
    cents: Cents
    fiscal_period: date | None = None


class PaymentReceived(EventData):
    """One ST of an 835 (or one repeat of it) was read. Owner: clearinghouse."""

    TYPE: ClassVar[str] = "overturn.payment.received.v1"
    TOPIC: ClassVar[str] = "remittance.v1"

    payer_id: str
    payee_id: str
    trace: str
    """TRN02."""
    method: str
    """BPR04: ACH, CHK, FWT, BOP, NON."""
    cents: Cents
    """BPR02."""
    paid_on: date
    claims: int
    claims_cents: Cents
    """ΣCLP04."""
    provider_adjustments: tuple[ProviderAdjustment, ...] = ()
    disposition: str = Field(pattern=r"^(posted|parked|repeated)$")
    reason: str = ""
    """Why parked: diagnostic code, for example `check_out_of_balance`, `negative_payment`, `same_check_differs`."""
    place: str = ""
    """Segment number and id in its file, for example `seg 14 BPR`."""
    file: str
    """sha256 of the file."""
    client: str | None = None
    """Take-over client."""
    supersedes_parked: bool = False


class ClaimParked(EventData):
    """A CLP that does not balance (or has status 23, 25): its CLP04 is unapplied cash. Owner: clearinghouse."""

    TYPE: ClassVar[str] = "overturn.payment.claim_parked.v1"
    TOPIC: ClassVar[str] = "remittance.v1"

    position: int
    cents: Cents
    """CLP04."""
    disposition: str = Field(pattern=r"^(parked|not_posted)$")
    reason: str
    place: str


class ClaimCentsPosted(EventData):
    """What claim_submission did with one CLP. Owner: claim_submission."""

    TYPE: ClassVar[str] = "overturn.payment.claim_posted.v1"
    TOPIC: ClassVar[str] = "remittance.v1"

    position: int
    account: str
    claim_id: str
    cents: Cents
    """CLP04, posted or not."""
    disposition: str = Field(pattern=r"^(posted|unmatched|not_posted)$")
    reason: str = ""
    result: str = Field(default="", pattern=r"^(|paid|denied_in_part|denied|reversed)$")
    classes: Ledger = Ledger()
    """This CLP's own charge and CAS by class (DOMAIN §3): charge, payer_paid, contractual, patient, denied, unanswered
    (pending), prior_payer_unseen (OA-23)."""


class ClaimCentsRecouped(EventData):
    """How many cents of one PLB pair now stand against what was paid on its claim. Owner: claim_submission."""

    TYPE: ClassVar[str] = "overturn.payment.claim_recouped.v1"
    TOPIC: ClassVar[str] = "remittance.v1"

    position: int
    """Of the pair among the PLB pairs of its check, from 1."""
    account: str
    claim_id: str
    cents: Cents
    """They lower payer_paid, negative ones raise it again; the rest of the pair is a matter of owed_to_payers."""
    ledger_version: int
    """Of the claim: the latest tells what stands."""


class DepositReported(EventData):
    """The bank says what an EFT or a check really was. Owner: people, by commands; thin for now."""

    TYPE: ClassVar[str] = "overturn.payment.deposit_reported.v1"
    TOPIC: ClassVar[str] = "remittance.v1"

    cents: Cents
    deposited_on: date
