"""What a CAS amount is: the class of a group x CARC x RARC x claim type on a date (DOMAIN §3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from schemas.codes.dated import Row, read_rows, remembered

ANY = ""
CLAIM_PAID = "claim_paid"


class AmountClass(StrEnum):
    """Where the cents of an adjustment belong in the claim's ledger."""

    PATIENT_SHARE = "patient_share"
    CONTRACTUAL = "contractual"
    PRIOR_PAYER = "prior_payer"
    PENDING = "pending"
    DENIAL = "denial"


@dataclass(frozen=True, slots=True)
class Meaning:
    """A class, its kind for reports, and the class where the amount alone takes a whole unpaid line."""

    amount_class: AmountClass
    kind: str
    whole_line: AmountClass


DENIAL = Meaning(AmountClass.DENIAL, "denial", AmountClass.DENIAL)


@remembered()
def _table() -> dict[str, tuple[Row, ...]]:
    rows: dict[str, list[Row]] = {}
    for row in read_rows("adjustment_classes.csv"):
        rows.setdefault(row["carc"], []).append(row)
    return {carc: tuple(sorted(found, key=_weight, reverse=True)) for carc, found in rows.items()}


def _weight(row: Row) -> tuple[bool, bool, bool, bool]:
    return row["rarc"] != ANY, row["claim_type"] != ANY, row["when"] != ANY, row["group"] != ANY


@remembered()
def _meaning(group: str, carc: str, rarcs: frozenset[str], claim_type: str, on: date, claim_paid: bool) -> Meaning:
    for row in _table().get(carc, ()):
        fits = row["group"] in (ANY, group) and row["claim_type"] in (ANY, claim_type)
        fits = fits and (claim_paid or row["when"] != CLAIM_PAID)
        if fits and (row["rarc"] == ANY or row["rarc"] in rarcs) and row.holds(on):
            return Meaning(AmountClass(row["class"]), row["kind"], AmountClass(row["whole_line"]))
    return DENIAL


def meaning(
    group: str, carc: str, rarcs: Iterable[str], claim_type: str, on: date, claim_paid: bool = False
) -> Meaning:
    """The meaning of an adjustment; what no row names is a denial, in any group.

    `claim_type` is professional, institutional or dental; `on` is the date of the payment (BPR16); `claim_paid`: the
    same answer pays something of the claim, or leaves its share to the patient.
    """
    return _meaning(group, carc, frozenset(rarcs), claim_type, on, claim_paid)
