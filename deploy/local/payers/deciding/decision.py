"""A payer's decision on one claim, as it will stand on the 835."""

from datetime import date

from deploy.local.payers.deciding.claim import Seen


class Cas(Seen):
    """One adjustment, signed cents."""

    group: str
    carc: str
    cents: int


class LineDecision(Seen):
    """One line: charge = paid + the sum of the adjustments. `rule` names the edit that denied it."""

    control: str
    procedure: str
    modifiers: tuple[str, ...] = ()
    units: int
    service_date: date
    charge: int
    paid: int
    allowed: int = 0
    adjustments: tuple[Cas, ...]
    remarks: tuple[str, ...] = ()
    rule: str = ""
    cause: str = ""
    carc: str = ""


class Decision(Seen):
    """One claim. `deductible` and `out_of_pocket` are what it used up of the member's year."""

    status: str
    lines: tuple[LineDecision, ...]
    claim_remarks: tuple[str, ...] = ()
    deductible: int = 0
    out_of_pocket: int = 0
    said_claim_id: str = ""
    """CLP01 where it comes back mangled."""

    @property
    def charge(self) -> int:
        """CLP03."""
        return sum(line.charge for line in self.lines)

    @property
    def paid(self) -> int:
        """CLP04, without interest."""
        return sum(line.paid for line in self.lines)

    @property
    def patient(self) -> int:
        """CLP05: the sum of all PR adjustments."""
        return sum(cas.cents for line in self.lines for cas in line.adjustments if cas.group == "PR")

    @property
    def denied(self) -> tuple[LineDecision, ...]:
        """The lines that an edit denied."""
        return tuple(line for line in self.lines if line.rule)
