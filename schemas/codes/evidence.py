"""Which documents help against which category of denial."""

from datetime import date

from pydantic import BaseModel, ConfigDict

from schemas.codes.editions import Edition, edition_on
from schemas.events.values import Document


class Wanted(BaseModel):
    """Kinds of documents, the most telling first, and what they should show."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kinds: tuple[str, ...] = ()
    supports: tuple[str, ...] = ()

    def choose(self, held: tuple[Document, ...]) -> tuple[Document, ...]:
        """The documents worth sending: of a wanted kind or showing what is asked; the most telling first."""
        useful = [document for document in held if document.kind in self.kinds or self.shows(document)]
        return tuple(sorted(useful, key=self._rank))

    def shows(self, document: Document) -> bool:
        """Whether the document shows what the payer asks."""
        return any(support in self.supports for support in document.supports)

    def _rank(self, document: Document) -> tuple[bool, int, str]:
        place = self.kinds.index(document.kind) if document.kind in self.kinds else len(self.kinds)
        return (not self.shows(document), place, document.reference)


class Evidence(Edition):
    """What is wanted by category of denial; nothing for categories where papers change nothing."""

    wanted: dict[str, Wanted]

    def of(self, category: str) -> Wanted:
        """What is wanted for a category."""
        return self.wanted.get(category, Wanted())


def evidence(day: date) -> Evidence:
    """The table in force on a day."""
    return edition_on("evidence.yaml", Evidence, day)
