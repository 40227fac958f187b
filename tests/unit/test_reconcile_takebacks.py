"""What the stored 835s alone say of takebacks: reconcile's own reading of PLB, without any service's domain."""

import pytest

from schemas.x12 import Remittance835, read
from services.cli.reconcile.x12_records import Wire, _paid

CLAIM = "ABCDEFGHIJKLMNOP01"


def payment(plb: str, paid: str = "", trace: str = "T1") -> Remittance835:
    claim = f"CLP*{CLAIM}*1*{paid}*{paid}**CI*P1~NM1*QC*1*TAMBLYN*ORLA~" if paid else ""
    text = (
        "ISA*00*          *00*          *ZZ*NORTHSTAR      *ZZ*OVERTURN       *260120*0900*^*00501*000000001*0*P*:~"
        "GS*HP*NORTHSTAR*OVERTURN*20260120*0900*1*X*005010X221A1~ST*835*0001~"
        "BPR*I*0*C*ACH*CCP*01*111000025*DA*1*1999999999**01*111000025*DA*2*20260120~"
        f"TRN*1*{trace}*1999999999~N1*PR*NORTHSTAR HEALTH~N1*PE*RIVERSIDE CLINIC*XX*1234567893~LX*1~{claim}"
        f"PLB*1234567893*20261231*{plb}~SE*0*0001~GE*1*1~IEA*1*000000001~"
    )
    (found,) = read(text.encode()).transactions()
    assert isinstance(found, Remittance835)
    return found


@pytest.mark.parametrize(
    ("pairs", "recouped"),
    [
        ([f"WO:{CLAIM}*80"], 8000),
        ([f"WO:{CLAIM}*-80", f"WO:{CLAIM}*80"], 0),
        ([f"WO:{CLAIM}*80", f"72:{CLAIM}*-80"], 0),
        ([f"WO:{CLAIM}*120"], 10000),
        (["FB:X1*80", "WO:PCN9*5"], 0),
        ([f"L6:{CLAIM}*-3"], 0),
    ],
)
def test_a_claims_takebacks_are_the_sum_of_its_pairs(pairs: list[str], recouped: int) -> None:
    wire = Wire()
    _paid(wire, payment("L6:X*0", paid="100"), "CHK0", "p", "ALPHA")
    for number, plb in enumerate(pairs, 1):
        _paid(wire, payment(plb, trace=f"T{number}"), f"CHK{number}", "", "ALPHA")
    assert wire.recouped.get(CLAIM, 0) == recouped


def test_a_check_read_twice_and_another_payers_pair_count_for_nothing() -> None:
    wire = Wire()
    _paid(wire, payment("L6:X*0", paid="100"), "CHK0", "p", "ALPHA")
    for _ in range(2):
        _paid(wire, payment(f"WO:{CLAIM}*40"), "CHK1", "", "ALPHA")
    _paid(wire, payment(f"WO:{CLAIM}*40", trace="T2"), "CHK2", "", "BETA")
    assert wire.recouped[CLAIM] == 4000
