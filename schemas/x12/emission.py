"""Functions that write the loops of a set, made from its description: one a loop, its segments and loops in the guide's order.

For the loop of a service line that begins like this:

    def emit(level, emitter, above):
     add = emitter.lines.append
     record = level
     value = record
     add(line(value) or emitter.segment(shape, value, loop))
     held = record.dates
     if held:
      for value in held:
       add(line6(value) or emitter.segment(shape6, value, loop))

`lineN` gives a finished segment where nothing in it wants a closer look (`lines`), `emitter.segment` looks closer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from schemas.x12.delimiters import Delimiters
from schemas.x12.description import NOTHING, Loop, Seg, SetDescription
from schemas.x12.generate import made
from schemas.x12.lines import Line
from schemas.x12.loss import homeless
from schemas.x12.records.parts import Party
from schemas.x12.shapes import Shape

if TYPE_CHECKING:
    from schemas.x12.emitter import Emitter
    from schemas.x12.grammar import Grammar

Emit = Callable[[Any, "Emitter", int], None]
Part = Seg | Loop
NAMES = frozenset({"NM1", "N1"})


@lru_cache(maxsize=32)
def emission(grammar: Grammar, delimiters: Delimiters) -> Emit:
    """What writes a whole set but its ST and SE."""
    description = grammar.description
    return Emission(delimiters, flat=description.finish is not None).of(description)


class Emission:
    """The functions for one choice of delimiters. `flat` records are subjects of which the levels are made: what is lost of
    them is told by comparison, not here."""

    def __init__(self, delimiters: Delimiters, flat: bool) -> None:
        self._delimiters, self._flat = delimiters, flat
        self._lines: dict[int, Line] = {}
        self._made: dict[tuple[int, int, str, str, bool], Emit] = {}

    def of(self, rule: Loop | SetDescription) -> Emit:
        """The function of a loop, or of the whole set; loops of equal header and body share theirs."""
        if isinstance(rule, SetDescription):
            return self._function(rule)
        key = id(rule.header), id(rule.body), rule.id, rule.level, rule.leaf
        if key not in self._made:
            self._made[key] = self._function(rule)
        return self._made[key]

    def _function(self, rule: Loop | SetDescription) -> Emit:
        known: dict[str, Any] = {"NOTHING": NOTHING, "Party": Party, "code": code, "rule": rule}
        known |= {"loop": rule.id if isinstance(rule, Loop) else "ST", "separated": self._delimiters.element.join}
        lines = ["def emit(level, emitter, above):", " add = emitter.lines.append", " record = level"]
        if isinstance(rule, Loop):
            lines += self._level(rule) if rule.level else self._part("", rule.header, known)
        counted = Counter(part.place.attribute for part in rule.body)
        shared = {name for name, count in counted.items() if name and count > 1}
        lines += [
            f" found_{name} = [(code(item), item) for item in record.{name}] if record.{name} else ()"
            for name in sorted(shared)
        ]
        lines += [f" written_{name} = 0" for name in sorted(shared)]
        for number, part in enumerate(rule.body):
            lines += self._part(
                str(number), part, known, part.place.attribute if part.place.attribute in shared else ""
            )
        for name in sorted(shared):
            lines += [f" if written_{name} != len(found_{name}):", f"  emitter.lost({name!r})"]
        lines += self._whole(rule, known)
        return made("emit", lines, known)

    def _level(self, loop: Loop) -> Iterator[str]:
        """The HL: its number, that of the one above, its code, whether another hangs below (which a leaf does not say)."""
        places = [number for number, part in enumerate(loop.body) if isinstance(part, Loop) and part.level]
        below = " or ".join(f"collect{number}(level)" for number in places)
        texts = ["'HL'", "str(number)", "str(above or '')", repr(loop.level)]
        if not loop.leaf:
            texts.append(f"'1' if {below} else '0'" if below else "'0'")
        yield " record = getattr(level, 'record', level)"
        yield " emitter.levels = number = emitter.levels + 1"
        yield f" add(separated(({', '.join(texts)})))"
        yield " above = number"

    def _part(self, number: str, part: Part, known: dict[str, Any], shared: str = "") -> Iterator[str]:
        """One segment or loop: what it holds, taken and written."""
        place, deep = part.place, " "
        rule = part.header if isinstance(part, Loop) else part
        known[f"collect{number}"], known[f"codes{number}"] = place.collect, frozenset(rule.codes)
        if place.when:
            yield f" if {' or '.join(f'record.{name} not in NOTHING' for name in place.when)}:"
            deep += " "
        elif place.watch:
            yield f" held = record.{place.watch}"
            yield " if held:"
            deep += " "
        if place.when is not None:
            yield f"{deep}value = record"
        elif shared and place.watch:
            yield f"{deep}for name, value in found_{shared}:"
            yield f"{deep} if name not in codes{number}:"
            yield f"{deep}  continue"
            yield f"{deep} written_{shared} += 1"
            deep += " "
        elif place.watch and place.watch == place.attribute:
            yield f"{deep}value = held" if place.single else f"{deep}for value in held:"
            deep += "" if place.single else " "
        else:
            yield f"{deep}for value in collect{number}({'level' if _hangs(part) else 'record'}):"
            deep += " "
        yield from (deep + line for line in self._value(number, part, known))

    def _value(self, number: str, part: Part, known: dict[str, Any]) -> Iterator[str]:
        if isinstance(part, Loop):
            known[f"emit{number}"] = self.of(part)
            yield f"emit{number}(value, emitter, above)"
            return
        known[f"shape{number}"], known[f"line{number}"] = part.shape, self._line(part.shape)
        yield f"add(line{number}(value) or emitter.segment(shape{number}, value, loop))"
        if part.tag in NAMES and not self._flat and not part.place.spreads:
            known[f"rule{number}"] = part
            yield f"if type(value) is Party: emitter.whole(rule{number}, value)"

    def _line(self, shape: Shape) -> Line:
        if id(shape) not in self._lines:
            self._lines[id(shape)] = shape.line(self._delimiters)
        return self._lines[id(shape)]

    def _whole(self, rule: Loop | SetDescription, known: dict[str, Any]) -> Iterator[str]:
        """Whether the record holds what none of the loop's segments writes."""
        if self._flat:
            return
        known["kind"] = type(rule.record())
        filled = [f"record.{name}" for name in homeless(rule, known["kind"])]
        yield f" if {' or '.join(['type(record) is not kind', *filled])}:"
        yield "  emitter.whole(rule, record)"


def _hangs(part: Part) -> bool:
    """Whether a part hangs below an HL and is not of its record: the next level, and claims."""
    return isinstance(part, Loop) and bool(part.level or part.unit)


def code(value: Any) -> str:
    """The qualifier by which the lines that share an attribute tell its values apart."""
    for name in ("qualifier", "entity", "sequence"):
        found = getattr(value, name, None)
        if found is not None:
            return str(found)
    return str(value[0])
