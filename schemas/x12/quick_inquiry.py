"""The quick pass over questions of a 270: whom each is about can be found, and its codes are known."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from schemas.x12.delimiters import Delimiters
from schemas.x12.description import Alone, Quick
from schemas.x12.patterns import Patterns
from schemas.x12.quick_facts import DOUBT, Fact


def judge_questions(facts: Iterable[Fact]) -> list[tuple[Any, ...]]:
    """One question, unless one of its segments is in doubt."""
    return [()] if all(kind != DOUBT for kind, *_ in facts) else []


def nameless(delimiters: Delimiters) -> Callable[[Mapping[str, str | None]], bool]:
    """As the rule of `rules.inquiry`: whether the subscriber's level has no member id (NM109)."""
    patterns = Patterns(delimiters)
    between, some, end = patterns.element, patterns.some, patterns.end
    found = re.compile(f"{end}NM1{between}IL(?:{between}{some}){{7}}{between}{patterns.letter}").search
    return lambda texts: found(texts["L2000C"] or "") is None


QUICK = Alone(Quick((), (), {}, judge_questions), "", nameless)
