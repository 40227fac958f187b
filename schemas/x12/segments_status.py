"""Segments of the status and eligibility guides (276, 277, 277CA, 270, 271)."""

from __future__ import annotations

from schemas.x12.records.eligibility import BenefitInfo, Relation, RequestRejection, ServiceDelivery
from schemas.x12.shapes import Fields, Special, Texts

SVC = Fields("SVC", "procedure:P! charge:$! paid:$? revenue_code:T1-48 - - units:T1-15")
EQ = Fields("EQ", "service_types:L procedure:P? coverage_level:T3 insurance_type:T1-3 diagnosis_pointers:C")
EB = Fields(
    "EB",
    "information:T1-3! coverage_level:T3 service_types:L insurance_type:T1-3 plan:T1-50 period:T1-2 cents:$? percent:# "
    "quantity_qualifier:T2 quantity:# authorization:T1 in_network:T1 procedure:P? diagnosis_pointers:C",
)
HSD = Fields(
    "HSD",
    "quantity_qualifier:T2 quantity:# unit:T2 sample:T1-6 period_qualifier:T1-2 periods:T1-3 pattern:T1-2 time_code:T1",
    ServiceDelivery,
)
III = Fields("III", "qualifier:T1-3 code:T1-30 category:T2 text:T1-264", BenefitInfo)
INS = Fields(
    "INS",
    "subscriber:T1! relationship:T2! maintenance_type:T3 maintenance_reason:T2-3 - - - - - - - - - - - - birth_sequence:T1-9",
    Relation,
)
AAA = Fields("AAA", "valid:T1! - reason:T2! follow_up:T1", lambda *values: RequestRejection("", *values))
MSG = Special("MSG", lambda texts, _: texts[1], lambda value, _: [value], lambda: None)
LS = Texts("LS")
LE = Texts("LE")
