"""The rules of each kind of set, with what the quick pass asks first."""

from __future__ import annotations

from schemas.x12.rules import claim, dental, institutional, professional, watch
from schemas.x12.rules.rule import Rules

PROFESSIONAL = Rules(
    (*claim.UNITS, *professional.UNITS),
    (*claim.LINES, *professional.LINES),
    (claim.codes_by_date,),
    watch.ODD,
    watch.above,
)
INSTITUTIONAL = Rules(
    (*claim.UNITS, *institutional.UNITS),
    (*claim.LINES, *institutional.LINES),
    (claim.codes_by_date,),
    watch.ODD,
    watch.above,
)
DENTAL = Rules(
    (*claim.UNITS, *dental.UNITS),
    (*claim.LINES, *dental.LINES),
    (claim.codes_by_date,),
    watch.ODD,
    watch.above,
)
