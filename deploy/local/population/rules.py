"""A payer's rules by id, and what they say about a draft."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from deploy.local.payers.deciding.context import Context, Finding, PastLine
from deploy.local.payers.deciding.edits import findings
from deploy.local.payers.deciding.front_end import Rejection, rejection
from deploy.local.payers.model.payer import PayerModel
from deploy.local.population.draft import Draft


@dataclass(frozen=True, slots=True)
class Named:
    """A rule with the family that it stands in; `front` where it is one of the front end's."""

    family: str
    rule: Any
    front: bool = False


def rules_of(payer: PayerModel) -> dict[str, Named]:
    """All rules that have an id."""
    found: dict[str, Named] = {}
    for front, part in ((False, payer.rules), (True, payer.front_end)):
        for family in type(part).model_fields:
            entries = getattr(part, family)
            if isinstance(entries, tuple) and family != "sets":
                found |= {f"{'front.' if front else ''}{rule.id}": Named(family, rule, front) for rule in entries}
    return found


def of_family(payer: PayerModel, *families: str, front: bool = False) -> Iterator[Named]:
    """The rules of some families, in the order of the families."""
    for family in families:
        for named in rules_of(payer).values():
            if named.family == family and named.front == front:
                yield named


def context_of(draft: Draft, history: tuple[PastLine, ...] = ()) -> Context:
    """What the payer will have in front of it."""
    cover = draft.insured[0]
    known = draft.member() if cover.member_id in (cover.member.member_id, cover.member.former_id) else None
    return Context(draft.payer, draft.facts(), known, history)


def refused(draft: Draft) -> Rejection | None:
    """Whether the payer's front end will turn the claim away."""
    return rejection(context_of(draft))


def denied(draft: Draft, history: tuple[PastLine, ...] = ()) -> dict[int, Finding]:
    """The lines that the payer will deny."""
    return findings(context_of(draft, history))


def clean(draft: Draft, history: tuple[PastLine, ...] = ()) -> bool:
    """Whether the payer will take in and pay every line."""
    return refused(draft) is None and not denied(draft, history)
