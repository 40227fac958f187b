"""Rules of the 837D (005010X224A2): orthodontics and prostheses."""

from __future__ import annotations

from schemas.x12.rules import facts
from schemas.x12.rules.rule import LineRule, Rule, at_most

UNITS = (
    Rule(
        "orthodontic_banding_date_missing",
        "2300",
        "DTP",
        lambda claim: facts.detail(claim, "DN1") and any(facts.of_family(line, "orthodontics") for line in claim.lines),
        lambda claim: facts.dated(claim, "452") or all(facts.dated(line, "452") for line in claim.lines),
        "orthodontic treatment needs the day on which the appliance was placed; give DTP*452",
    ),
    at_most(50),
)
LINES = (
    LineRule(
        "prior_placement_date_missing",
        "2400",
        "DTP",
        lambda claim, line: line.prosthesis == "R",
        lambda claim, line: facts.dated(line, "441"),
        "SV305 says that a prosthesis is replaced; give when the earlier one was placed in DTP*441",
    ),
)
