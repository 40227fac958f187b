"""Prior chances that a way out of a denial recovers its cents."""

from datetime import date
from typing import Annotated

from pydantic import Field

from schemas.codes.editions import Edition, edition_on

Percent = Annotated[int, Field(ge=0, le=100)]
Strengths = tuple[Percent, Percent, Percent]
"""With a document that shows what is asked; with a document of a wanted kind; with neither."""


class WinRates(Edition):
    """Percent by way and category."""

    rates: dict[str, dict[str, Strengths]]
    otherwise: Strengths
    next_level: Percent
    """What is left of an appeal's chance at each further level."""

    def percent(self, way: str, category: str, findings: frozenset[str], level: int = 1) -> int:
        """The chance in percent; new claim, replacement and reopening count as `correction`."""
        kind = {"new_claim": "correction", "replacement": "correction", "reopening": "correction"}.get(way, way)
        kind = "appeal" if kind == "reconsideration" else kind
        supported, evidence, neither = self.rates.get(kind, {}).get(category, self.otherwise)
        chance = supported if "supported" in findings else evidence if "evidence" in findings else neither
        return int(chance * self.next_level ** (level - 1) // 100 ** (level - 1))


def win_rates(day: date) -> WinRates:
    """The table in force on a day."""
    return edition_on("win_rates.yaml", WinRates, day)
