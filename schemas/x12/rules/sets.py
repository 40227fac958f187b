"""The rules of each kind of set, with what the quick pass asks first."""

from __future__ import annotations

from schemas.x12.rules import claim, dates, dental, diagnoses, institutional, professional, watch
from schemas.x12.rules.rule import Rules

PROFESSIONAL = Rules(
    (*claim.UNITS, *professional.UNITS, *diagnoses.rules(diagnoses.PROFESSIONAL)),
    (*claim.LINES, *professional.LINES, dates.LINE_DATED),
    (claim.codes_by_date,),
    watch.odd(diagnoses.PROFESSIONAL),
    watch.above,
)
INSTITUTIONAL = Rules(
    (
        *claim.UNITS,
        *institutional.UNITS,
        *diagnoses.rules(diagnoses.INSTITUTIONAL),
        dates.STATEMENT_DATED,
        dates.ADMITTED,
    ),
    (*claim.LINES, *institutional.LINES, dates.INSIDE),
    (claim.codes_by_date,),
    watch.odd(diagnoses.INSTITUTIONAL),
    watch.above,
)
DENTAL = Rules(
    (*claim.UNITS, *dental.UNITS, *diagnoses.rules(diagnoses.DENTAL, required=False)),
    (*claim.LINES, *dental.LINES),
    (claim.codes_by_date,),
    watch.odd(diagnoses.DENTAL),
    watch.above,
)
