"""What kinds of documents there are, and what a document can show."""

from datetime import date

from pydantic import BaseModel, ConfigDict

from schemas.codes.editions import Edition, edition_on


class DocumentKind(BaseModel):
    """A kind of document; `pwk` is the report type of X12 005010X222A1 loop 2300 PWK01."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pwk: str
    about: str


class DocumentKinds(Edition):
    """The vocabulary of `Document.kind` and `Document.supports`."""

    kinds: dict[str, DocumentKind]
    supports: dict[str, str]


def document_kinds(day: date) -> DocumentKinds:
    """The vocabulary in force on a day."""
    return edition_on("document_kinds.yaml", DocumentKinds, day)
