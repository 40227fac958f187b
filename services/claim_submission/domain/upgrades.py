"""Stored accounts of older schemas as the next schema has them (deploy/decisions/0027)."""

from typing import Any


def with_standing_decisions(state: dict[str, Any]) -> dict[str, Any]:
    """Schema 1 to 2: every decision that is kept stands (0015); schema 1 also kept those that another had replaced."""
    return {**state, "claims": [_standing(claim) for claim in state.get("claims", ())]}


def _standing(claim: dict[str, Any]) -> dict[str, Any]:
    decisions = [entry for entry in claim.get("decisions", ()) if not entry.get("replaced_on")]
    return {**claim, "decisions": decisions}
