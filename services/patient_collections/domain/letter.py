"""The statement that a guarantor reads: whom it addresses, what it asks, line by line."""

from datetime import date
from functools import lru_cache
from typing import Any

from schemas.events.values import Cents, Person
from services.patient_collections.domain.guarantor import Guarantor, Statement


def letter(state: Guarantor, issued: Statement) -> dict[str, Any]:
    """The statement as JSON, amounts in cents; a pure function of the guarantor's document."""
    return {
        "statement_id": issued.statement_id,
        "cycle": issued.cycle,
        "issued_on": issued.issued_on.isoformat(),
        "due_on": issued.due_on.isoformat(),
        "to": _addressee(state.phi.guarantor) if state.phi else None,
        "lines": [
            {
                "account": account,
                "service_date": state.shares[account].service_date.isoformat(),
                "cents": cents,
                "request": state.shares[account].asked,
            }
            for account, cents in issued.asked.items()
        ],
        "cents": issued.cents,
        "text": _text(issued),
    }


def dollars(cents: Cents) -> str:
    """As a person writes it."""
    return f"${cents // 100:,}.{cents % 100:02d}"


@lru_cache(maxsize=64)
def _long(day: date) -> str:
    return f"{day:%B %d, %Y}"


def _addressee(person: Person) -> dict[str, str]:
    address = person.address
    return {
        "name": " ".join(part for part in (person.first_name, person.middle_name, person.last_name) if part),
        "line1": address.line1,
        "line2": address.line2 or "",
        "city": address.city,
        "state": address.state,
        "postal_code": address.postal_code,
    }


def _text(issued: Statement) -> list[str]:
    return [
        f"Statement {issued.cycle} of {_long(issued.issued_on)}.",
        "The services listed are open: what your insurers left to you, or all of it where none was named to us.",
        f"Please pay {dollars(issued.cents)} by {_long(issued.due_on)}.",
        "If you cannot pay it at once or think that it is wrong, call us: we agree on plans and look into every question.",
    ]
