"""Claim status: category codes and status codes of 277CA and 277 (STC01), and the verdict that a category gives."""

from datetime import date

from schemas.codes.dated import table


def category_verdict(category: str, on: date) -> str | None:
    """What a category (STC01-1) says of a claim: received, accepted, rejected, not_found, split, pended,
    documents (asked of us), finalised, error or supplemental; None where the category is unknown."""
    row = table("claim_status_categories.csv").get(category, on)
    return row["verdict"] if row else None


def claim_status(code: str, on: date) -> str | None:
    """What a status code (STC01-2) means; None where it is unknown."""
    row = table("claim_status_codes.csv").get(code.lstrip("0") or "0", on)
    return row["meaning"] if row else None


def split_status(composite: str) -> tuple[str, str, str]:
    """A composite such as `A7:562:85` as category, status code and entity; absent parts are empty."""
    category, code, entity = (*composite.split(":"), "", "", "")[:3]
    return category, code, entity
