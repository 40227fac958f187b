"""Why a denial happened: the category of a denied amount, whose fault it usually is, and whether it could be prevented."""

from datetime import date

from pydantic import BaseModel, ConfigDict

from schemas.codes.editions import Edition, edition_on


class Category(BaseModel):
    """What a category of denials says."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    preventable: bool
    """A scrubber or the front desk could have seen it before the claim went out."""
    fault: str
    """Party at fault until somebody knows better."""
    about: str


class CategoryRule(BaseModel):
    """One row: fits when the CARC is listed and, where given, the group is and one of the RARCs is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    carcs: tuple[str, ...]
    groups: tuple[str, ...] = ()
    rarcs: tuple[str, ...] = ()
    category: str

    def fits(self, group: str, carc: str, rarcs: tuple[str, ...]) -> bool:
        """Whether a denied amount with these codes belongs to this row."""
        if carc not in self.carcs or (self.groups and group not in self.groups):
            return False
        return not self.rarcs or any(rarc in self.rarcs for rarc in rarcs)


class DenialCategories(Edition):
    """The categories, and the rules that lead to them."""

    categories: dict[str, Category]
    rules: tuple[CategoryRule, ...]
    otherwise: str

    def categorise(self, group: str, carc: str, rarcs: tuple[str, ...]) -> str:
        """Name of the category of a denied amount."""
        return next((rule.category for rule in self.rules if rule.fits(group, carc, rarcs)), self.otherwise)


def denial_categories(day: date) -> DenialCategories:
    """The table in force on a day."""
    return edition_on("denial_categories.yaml", DenialCategories, day)
