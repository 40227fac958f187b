"""Rules of the 837I (005010X223A2): admission, attending provider, HIPPS rates."""

from __future__ import annotations

from schemas.x12.records.claim import Claim837
from schemas.x12.rules import facts
from schemas.x12.rules.rule import LineRule, Rule, at_most

TOTAL = frozenset({"0001", "001", "1"})
TRANSPORT = "054"
ADMITTING = frozenset({"ABJ", "BJ"})
NOTICES = frozenset({"0", "8", "A", "B", "C", "D", "E"})


def _inpatient(claim: Claim837) -> bool:
    return claim.facility_qualifier == "A" and facts.bill_type(claim, "inpatient") == "Y"


def _rate_revenue(claim: Claim837) -> str:
    medicare = claim.subscriber.filing_indicator == "MA" and claim.frequency not in NOTICES
    return facts.bill_type(claim, "rate_revenue") if medicare else ""


UNITS = (
    Rule(
        "admission_date_missing",
        "2300",
        "DTP",
        _inpatient,
        lambda claim: facts.dated(claim, "435"),
        "an inpatient claim needs day and hour of admission; give DTP*435",
    ),
    Rule(
        "admission_detail_missing",
        "2300",
        "CL1",
        _inpatient,
        lambda claim: facts.element(facts.detail(claim, "CL1"), 1) and facts.element(facts.detail(claim, "CL1"), 3),
        "an inpatient claim needs type of admission (CL101) and patient status (CL103); give both",
    ),
    Rule(
        "admitting_diagnosis_missing",
        "2300",
        "HI",
        _inpatient,
        lambda claim: any(item.qualifier in ADMITTING for item in claim.diagnoses),
        "an inpatient claim needs the admitting diagnosis; give HI*ABJ",
    ),
    Rule(
        "attending_provider_missing",
        "2310A",
        "NM1",
        lambda claim: any(not line.revenue_code.startswith(TRANSPORT) for line in claim.lines),
        lambda claim: facts.has_provider(claim, None, "71"),
        "services other than transport need who attended; give NM1*71",
    ),
    Rule(
        "health_insurance_rate_missing",
        "2400",
        "SV202",
        _rate_revenue,
        lambda claim: any(line.revenue_code == _rate_revenue(claim) for line in claim.lines),
        "Medicare pays this type of bill by HIPPS rate; give the line with revenue code 0022 or 0023",
    ),
    at_most(999),
)
LINES = (
    LineRule(
        "total_line_sent",
        "2400",
        "SV201",
        lambda claim, line: line.revenue_code in TOTAL,
        lambda claim, line: False,
        "revenue code 0001 is the total of the paper claim and no service; drop the line",
    ),
)
