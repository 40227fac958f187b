"""Older stored forms of `Denials`, made into the present one: pure, on the JSON of the state."""

from typing import Any

ON_FILE = "on file"
"""Stands for an authorisation's number, of which schema 1 kept only that there is one; nothing of triage reads more."""


def with_views(state: dict[str, Any]) -> dict[str, Any]:
    """Schema 1 to 2: facts as the view of the encounter has them (decision 0024), a reversal by its ledger version (0023)."""
    claims = {key: _reversed_at(claim) for key, claim in state.get("claims", {}).items()}
    heard = state.get("encounter")
    if heard is not None:
        known = {name: _facts(heard[name]) for name in ("latest", "before") if heard.get(name) is not None}
        heard = {**heard, **known}
    return {**state, "encounter": heard, "claims": claims}


def _facts(facts: dict[str, Any]) -> dict[str, Any]:
    if "authorized_payers" not in facts:
        return facts
    coverages = [{"payer_id": payer, "authorization": ON_FILE} for payer in facts["authorized_payers"]]
    return {**facts, "coverages": coverages, "advance_notice_signed": facts.get("notice_signed", False)}


def _reversed_at(claim: dict[str, Any]) -> dict[str, Any]:
    """Schema 1 moved the ledger's version to that of the reversal."""
    return {**claim, "reversed_at": claim["ledger_version"]} if claim.get("reversed") else claim
