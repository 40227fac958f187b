"""What the quick pass keeps of a segment: one tuple, made once for equal segments."""

from __future__ import annotations

from typing import Any

# Kind, two numbers, and what else is wanted of it. CLAIM: charge, payment, the other values (None: for the full reader);
# LINE: charge, and payment or last pointer; ADJUSTMENT: sum, patient's share, group and reason (of several: a list of these,
# each with its cents); DIAGNOSES: how many can be pointed at, their kinds; SERVED, STATED, ADMITTED: first and last day
# (CCYYMMDD); OTHER: the segment, of which only codes were looked at; DOUBT: not sound
Fact = tuple[int, int, int, Any]
CLAIM, LINE, ADJUSTMENT, DIAGNOSES, SERVED, STATED, ADMITTED, ATTENDED, OTHER, DOUBT = range(10)
DOUBTFUL: Fact = (DOUBT, 0, 0, None)
# What stands behind the last claim, and instead of a claim that only the full reader can judge
END: Fact = (CLAIM, 0, 0, None)
