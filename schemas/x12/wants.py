"""What the guide wants of one element at one place, beyond what the segment's shape says everywhere.

A want is a line of the description like any other: the full reader tests it, the quick pass has it in its pattern, the writer
refuses by it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from schemas.x12.elements import Problem
from schemas.x12.finding_codes import FINDINGS, Code

Values = dict[str, Any]
COMPONENT, ANY = "\x1f", "\x1e"
Test = Callable[[Values], object]


@dataclass(slots=True, frozen=True)
class Want:
    """The field `name` of a segment must pass `test`, which is given all fields that are present.

    `pattern` is what a sound text looks like, for the quick pass (COMPONENT stands for the separator, ANY for whatever may
    follow in the element); it may say no to more than `test`. `text` is what to say behind the element's name, `essential`
    that the unit is set aside, `optional` that the element may be absent.
    """

    name: str
    test: Test
    code: Code = "missing_element"
    text: str = ""
    pattern: str = ""
    essential: bool = False
    optional: bool = False


def present(name: str, only: Test | None = None) -> Want:
    """The element is required here; with `only`, in that situation."""
    return Want(name, lambda values: values.get(name) or (only is not None and not only(values)))


def one_of(name: str, values: str) -> Want:
    """The element holds one of these values, where it stands."""
    allowed = values.split()
    text = f"holds none of the values that the guide has here ({' '.join(allowed)}); ask the sender what is meant"
    pattern = f"(?:{'|'.join(allowed)})"
    return Want(name, lambda found: found.get(name, allowed[0]) in allowed, "value_not_allowed", text, pattern)


def lacking(wants: Sequence[Want], shape: Any, pairs: Any, known: Sequence[Problem]) -> Iterator[Problem]:
    """What a segment of this shape lacks of what is wanted; elements that have a problem already are passed over."""
    values = dict(pairs)
    missed = [want for want in wants if not want.test(values)]
    told = {problem.element for problem in known} if missed else ()
    for want in missed:
        place = next(item.index for item in shape.elements if want.name in item.names)
        if place in told:
            continue
        what = want.text or f"({want.name.replace('_', ' ')}) is required here and absent; ask the sender to supply it"
        yield Problem(want.code, place, want.essential, f"{shape.tag}{place:02d} {what}", FINDINGS[want.code].snip)
