"""An 835 becomes one event a payment and one a claim; what does not balance is set aside with its place."""

from collections.abc import Callable
from datetime import date

import pytest

from schemas.events.payer_inbound import ClaimAnswered, ClaimRecouped
from schemas.events.remittance import ClaimParked, PaymentReceived
from schemas.x12 import Remittance835, read
from services.clearinghouse.domain import answers835
from services.clearinghouse.domain.answers835 import PaymentSummary
from services.clearinghouse.domain.checks import CheckRecord, decide
from services.clearinghouse.domain.drafts import Draft, Origin
from services.clearinghouse.domain.remittance835 import assess, check_id

OURS = "ABCDEFGHIJKLMNOP01"
SOUND = f"""CLP*{OURS}*1*250*180*20*CI*PCN1*11*1
NM1*QC*1*TAMBLYN*ORLA****MI*MBR1
SVC*HC:99213:25*150*100**1
DTM*472*20260107
CAS*CO*45*30
CAS*PR*3*20
REF*6R*L001
SVC*HC:36415*100*80**1
DTM*472*20260107
CAS*CO*45*20
REF*6R*L002
LQ*HE*N130"""
FOREIGN = """CLP*PAT 7*2*90*40**CI*PCN2
CAS*CO*45*50
NM1*QC*1*BRIN*TOM****MI*MBR2
DTM*232*20260103"""


def file(*claims: str, amount: str = "180", trace: str = "T1", paid_on: str = "20260120", plb: str = "") -> bytes:
    """An interchange with one payment."""
    body = "\n".join(filter(None, claims))
    text = f"""ISA*00*          *00*          *ZZ*NORTHSTAR      *ZZ*OVERTURN       *260120*0900*^*00501*000000001*0*P*:
GS*HP*NORTHSTAR*OVERTURN*20260120*0900*1*X*005010X221A1
ST*835*0001
BPR*I*{amount}*C*ACH*CCP*01*111000025*DA*1*1999999999**01*111000025*DA*2*{paid_on}
TRN*1*{trace}*1999999999
DTM*405*20260119
N1*PR*NORTHSTAR HEALTH
N1*PE*RIVERSIDE CLINIC*XX*1234567893
LX*1
{body}
{plb}
SE*0*0001
GE*1*1
IEA*1*000000001"""
    return "~\n".join(line for line in text.split("\n") if line).encode() + b"~"


Read = Callable[..., tuple[list[Draft], PaymentSummary]]


@pytest.fixture
def reader(origin: Callable[..., Origin]) -> Read:
    records: dict[str, CheckRecord] = {}

    def make(content: bytes, *, client: str | None = None, name: str = "f") -> tuple[list[Draft], PaymentSummary]:
        whence = origin(name, payer_id="" if client else "NORTHSTAR", client=client)
        (payment,) = read(content).transactions()
        assert isinstance(payment, Remittance835)
        judged = assess(payment, whence)
        key = check_id(payment, whence, 1)
        reading, records[key] = decide(records.get(key), key, f"{name}-1-1", judged)
        drafts = list(answers835.drafts(payment, 1, key, judged, reading, whence))
        return drafts, answers835.summary(payment, 1, key, judged, reading)

    return make


def test_a_claim_of_ours_goes_to_its_account(reader: Read) -> None:
    (payment, answer), _ = reader(file(SOUND))
    assert isinstance(payment.data, PaymentReceived) and payment.data.disposition == "posted"
    assert (payment.data.cents, payment.data.claims, payment.data.claims_cents) == (18000, 1, 18000)
    assert payment.data.paid_on == date(2026, 1, 20)
    told = answer.data
    assert isinstance(told, ClaimAnswered)
    assert (answer.key, told.claim_id, told.takeover_client) == ("ABCDEFGHIJKLMNOP", OURS, None)
    assert [(line.control, line.charge, line.paid) for line in told.lines] == [
        ("L001", 15000, 10000),
        ("L002", 10000, 8000),
    ]
    assert [(cas.group, cas.carc, cas.cents) for cas in told.lines[0].adjustments] == [
        ("CO", "45", 3000),
        ("PR", "3", 2000),
    ]
    assert told.lines[1].remarks == ("N130",)
    assert told.check_id == payment.key


def test_no_event_tells_a_patient_in_clear(reader: Read) -> None:
    drafts, summary = reader(file(SOUND, FOREIGN, amount="220"), client="acme")
    plain = "".join(draft.data.model_dump_json() for draft in drafts) + summary.model_dump_json()
    for secret in ("TAMBLYN", "ORLA", "MBR1", "BRIN", "MBR2", "PAT 7"):
        assert secret not in plain
    assert drafts[2].phi is not None and "BRIN" in drafts[2].phi.model_dump_json()


def test_a_claim_out_of_balance_is_parked_alone(reader: Read) -> None:
    broken = SOUND.replace("CAS*CO*45*30", "CAS*CO*45*31")
    drafts, summary = reader(file(broken, FOREIGN, amount="220"), client="acme")
    parked = drafts[1].data
    assert isinstance(parked, ClaimParked)
    assert (parked.position, parked.cents, parked.disposition) == (1, 18000, "parked")
    assert isinstance(drafts[2].data, ClaimAnswered)
    assert summary.places == "kp"
    assert summary.parked[0].claim == 1 and summary.parked[0].place.startswith("seg ")
    assert "off by" in summary.parked[0].text


def test_a_payment_out_of_balance_is_parked_whole(reader: Read) -> None:
    (only,), summary = reader(file(SOUND, amount="181"))
    assert isinstance(only.data, PaymentReceived)
    assert (only.data.disposition, only.data.reason) == ("parked", "payment_out_of_balance")
    assert summary.parked[0].claim is None


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (file(SOUND, amount="12x"), "malformed_element"),
        (file(SOUND, FOREIGN, amount="220").partition(b"CLP*PAT 7")[0], "transaction_truncated"),
    ],
    ids=["no amount", "cut off"],
)
def test_a_payment_that_cannot_be_summed_names_the_cause_and_not_the_sums(
    reader: Read, content: bytes, reason: str
) -> None:
    (payment, *_), _ = reader(content)
    assert isinstance(payment.data, PaymentReceived)
    assert (payment.data.disposition, payment.data.reason) == ("parked", reason)


def test_an_unreadable_clp04_is_named_where_the_check_does_not_add_up_for_it(reader: Read) -> None:
    broken = FOREIGN.replace("*2*90*40*", "*2*90*4O*")
    (payment,), told = reader(file(SOUND, broken, amount="220"), client="acme")
    assert isinstance(payment.data, PaymentReceived) and payment.data.disposition == "parked"
    assert (told.parked[0].reason, told.parked[0].place) == ("malformed_element", "seg 22 CLP04")


def test_an_unreadable_clp04_parks_its_claim_alone_where_the_check_adds_up_without_it(reader: Read) -> None:
    broken = FOREIGN.replace("*2*90*40*", "*2*90*O*").replace("CAS*CO*45*50", "CAS*CO*45*90")
    _, told = reader(file(SOUND, broken, amount="180"), client="acme")
    assert (told.disposition, told.places, told.parked[0].place) == ("posted", "pk", "seg 22 CLP04")


@pytest.mark.parametrize(("status", "places"), [("99", "pk"), ("5", "pp"), ("2", "pp")])
def test_a_claim_status_that_nobody_knows_parks_its_claim(reader: Read, status: str, places: str) -> None:
    _, told = reader(file(SOUND, FOREIGN.replace("*2*90*40*", f"*{status}*90*40*"), amount="220"), client="acme")
    assert told.places == places
    assert [(part.claim, part.reason, part.place) for part in told.parked] == (
        [(2, "code_unknown", "seg 22 CLP02")] if "k" in places else []
    )


def test_a_negative_payment_is_parked(reader: Read) -> None:
    (only,), _ = reader(file(SOUND, amount="-10", plb="PLB*1234567893*20261231*WO:X1*190"))
    assert isinstance(only.data, PaymentReceived) and only.data.reason == "payment_negative"


def test_estimates_are_never_posted(reader: Read) -> None:
    estimate = FOREIGN.replace("*2*90*40*", "*25*90*0*")
    drafts, summary = reader(file(SOUND, estimate), client="acme")
    assert summary.places == "pn"
    told = drafts[2].data
    assert isinstance(told, ClaimParked)
    assert (told.disposition, told.reason, told.cents) == ("not_posted", "predetermination", 0)


def test_a_claim_of_nobody_is_parked_at_a_payers_door(reader: Read) -> None:
    drafts, _ = reader(file(SOUND, FOREIGN, amount="220"))
    parked = drafts[2].data
    assert isinstance(parked, ClaimParked) and parked.reason == "unmatched"


def test_a_take_over_account_is_the_same_for_every_payer(reader: Read) -> None:
    (_, first), _ = reader(file(FOREIGN, amount="40"), client="acme")
    second_payer = FOREIGN.replace("*2*90*40*", "*2*90*0*").replace("CO*45*50", "OA*23*90")
    (_, second), _ = reader(file(second_payer, amount="0", trace="T2"), client="acme", name="g")
    assert first.key == second.key
    (_, other_day), _ = reader(file(FOREIGN.replace("0103", "0104"), amount="40", trace="T3"), client="acme", name="h")
    assert other_day.key != first.key
    assert isinstance(first.data, ClaimAnswered)
    assert (first.data.claim_id, first.data.takeover_client) == (None, "acme")


def test_a_copy_with_other_formats_is_a_repeat(reader: Read) -> None:
    reader(file(SOUND))
    copy = SOUND.replace("*250*180*20*", "*250.00*180.00*20.0*").replace("**1\n", "**1.0\n")
    (only,), summary = reader(file(copy, amount="180.00"), name="g")
    assert isinstance(only.data, PaymentReceived) and only.data.disposition == "repeated"
    assert summary.places == "r"


def test_a_changed_remark_is_another_content(reader: Read) -> None:
    reader(file(SOUND))
    (only,), _ = reader(file(SOUND.replace("N130", "N115")), name="g")
    assert isinstance(only.data, PaymentReceived) and only.data.reason == "same_check_differs"


def test_a_date_that_is_none_falls_back_to_the_production_date(reader: Read) -> None:
    (payment, _), _ = reader(file(SOUND, paid_on="20261399"))
    assert isinstance(payment.data, PaymentReceived)
    assert payment.data.paid_on == date(2026, 1, 19)


def test_a_reference_of_a_provider_adjustment_is_hashed_unless_it_is_ours(reader: Read) -> None:
    plb = f"PLB*1234567893*20261231*WO:{OURS}*10*72:BRIN TOM*-10"
    (payment, *_), _ = reader(file(SOUND, plb=plb))
    assert isinstance(payment.data, PaymentReceived)
    first, second = payment.data.provider_adjustments
    assert (first.reason, first.reference, first.cents) == ("WO", OURS, 1000)
    assert second.reference and "BRIN" not in second.reference


def test_a_provider_adjustment_that_names_a_claim_goes_to_its_account(reader: Read) -> None:
    plb = f"PLB*1234567893*20261231*FB:X1*5*WO:{OURS.lower()}*10**L6:{OURS}*-1*72:{OURS}*-10*WO:PAT 7*3"
    plb = plb.replace("**", "*")
    content = file(SOUND, amount="173", plb=plb)
    (_, _, first, second), _ = reader(content)
    assert isinstance(first.data, ClaimRecouped) and isinstance(second.data, ClaimRecouped)
    assert {first.key, second.key} == {OURS[:16]} and (first.place, second.place) == ("1/plb2", "1/plb4")
    assert (first.data.claim_id, first.data.reason, first.data.cents, first.data.position) == (OURS, "WO", 1000, 2)
    assert (second.data.reason, second.data.cents, second.data.paid_on) == ("72", -1000, date(2026, 1, 20))
    (repeat,), _ = reader(content, name="again")
    assert isinstance(repeat.data, PaymentReceived) and repeat.data.disposition == "repeated"


def test_provider_adjustments_of_a_parked_check_take_nothing_back(reader: Read) -> None:
    (only,), _ = reader(file(SOUND, amount="180", plb=f"PLB*1234567893*20261231*WO:{OURS}*10"))
    assert isinstance(only.data, PaymentReceived) and only.data.disposition == "parked"


def test_an_adjustment_of_no_known_group_parks_its_claim(reader: Read) -> None:
    drafts, summary = reader(file(SOUND.replace("CAS*CO*45*20", "CAS*XX*45*20")))
    assert isinstance(drafts[1].data, ClaimParked)
    assert summary.places == "k"


def test_a_payment_without_a_number_is_parked(reader: Read) -> None:
    (only,), _ = reader(file(SOUND, trace=""))
    assert isinstance(only.data, PaymentReceived) and only.data.disposition == "parked"


def test_a_takeover_reversal_goes_to_the_account_of_what_it_takes_back(reader: Read) -> None:
    taken = FOREIGN.replace("*2*90*40*", "*22*-90*-40*").replace("CAS*CO*45*50", "CAS*CO*45*-50")
    drafts, _ = reader(file(FOREIGN, taken, SOUND, amount="180"), client="acme")
    keys = [draft.key for draft in drafts if isinstance(draft.data, ClaimAnswered)]
    assert keys[0] == keys[1] != keys[2]


@pytest.mark.parametrize("amount", ["1000000000000", "99999999999999999999", "-1000000000000.00"])
def test_an_amount_that_no_ledger_holds_parks_its_claim_and_is_no_amount(reader: Read, amount: str) -> None:
    drafts, told = reader(
        file(SOUND, FOREIGN.replace("CAS*CO*45*50", f"CAS*CO*45*{amount}"), amount="220"), client="acme"
    )
    (parked,) = told.parked
    assert (told.disposition, told.places, parked.claim, parked.place) == ("posted", "pk", 2, "seg 23 CAS03")
    (aside,) = [draft.data for draft in drafts if isinstance(draft.data, ClaimParked)]
    assert aside.cents == 4000


def test_a_payment_beyond_every_ledger_is_parked_without_an_amount(reader: Read) -> None:
    (payment,), told = reader(file(SOUND, amount="9" * 18))
    assert isinstance(payment.data, PaymentReceived)
    assert (told.disposition, told.cents, payment.data.cents) == ("parked", 0, 0)


def test_a_negative_charge_that_is_no_reversal_is_parked(reader: Read) -> None:
    strange = FOREIGN.replace("*2*90*40*", "*1*-90*-40*").replace("CAS*CO*45*50", "CAS*CO*45*-50")
    _, told = reader(file(SOUND, strange, amount="140"), client="acme")
    assert [(part.claim, part.reason) for part in told.parked] == [(2, "charge_negative")]


@pytest.mark.parametrize(
    ("clp", "cas", "amount", "element"),
    [("22*90*40", "50", "220", "CLP03"), ("22*0*40", "-40", "220", "CLP04"), ("22*90*-40", "130", "140", "CLP03")],
)
def test_a_reversal_that_negates_nothing_is_parked_and_its_cash_is_unapplied(
    reader: Read, clp: str, cas: str, amount: str, element: str
) -> None:
    wrong = FOREIGN.replace("2*90*40", clp).replace("CAS*CO*45*50", f"CAS*CO*45*{cas}")
    drafts, told = reader(file(SOUND, wrong, amount=amount), client="acme")
    (parked,) = told.parked
    assert (parked.claim, parked.reason) == (2, "reversal_not_negative") and parked.place.endswith(element)
    assert isinstance(drafts[1].data, ClaimAnswered) and isinstance(drafts[2].data, ClaimParked)
    assert drafts[2].data.cents == int(clp.split("*")[2]) * 100


@pytest.mark.parametrize(("code", "disposition"), [("CAD", "parked"), ("USD", "posted")])
def test_a_payment_in_another_currency_is_no_number_of_dollars(reader: Read, code: str, disposition: str) -> None:
    content = file(SOUND).replace(b"DTM*405", f"CUR*PR*{code}~\nDTM*405".encode())
    _, told = reader(content)
    assert told.disposition == disposition
    assert [part.reason for part in told.parked] == (["foreign_currency"] if code == "CAD" else [])
