"""Where independent readers judge otherwise than we do: the one place that says so, and why.

Keyed by what was done to a sound file. A difference that is no more fails its test: take it out then.
"""

from __future__ import annotations

# pyx12 4.0.0 on the 837P and the 277CA
PYX12 = {
    "unit of measure unknown": "codes that the guide lists in the element itself are the payers' to judge, not the 999's",
    "facility qualifier unknown": "as the unit of measure",
    "sex unknown": "as the unit of measure",
    "state too long": "it also says that the state is in no list; the length is enough for us",
    "place of service missing": "CLM05 is absent: we report its CLM (1, a required element), it the composite (8)",
    "diagnoses twice": "we take a second HI of diagnoses: some senders give each its own, and nothing is lost",
    "lines counted wrong": "LX01 only counts; the line's control number is its name",
    "procedure missing": "an SV1 without SV101 is found by both; it then calls the segment unknown and another missing",
    "billing name unknown": "we read what follows as that party's; it calls each segment of it unknown",
    "wrong parent of a level": "its code HL2 is none of IK304's; ours is 7 of IK403, at HL02",
    "provider level of a 277CA without STC": "its map requires it; New York's Medicaid sends 2200C without, so do we",
}
