"""The vocabulary of a transaction set's description: segments in loops, each line naming shape, place in the record, usage,
repeat and qualifiers. Reading, writing and validation all follow it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from schemas.x12.delimiters import Delimiters
from schemas.x12.quick_facts import Fact
from schemas.x12.records.parts import Amount, Party
from schemas.x12.rules.rule import Rules
from schemas.x12.shapes import Shape
from schemas.x12.wants import Want

Values = list[Any]


@dataclass(slots=True, frozen=True)
class Place:
    """Where a segment's value lives in its record: `bind` puts it there when reading, `collect` takes it for writing.
    `single` places hold one value: a second one is a repeat. `watch` names the attribute that is empty when there is
    nothing to write, `covers` further attributes that it writes. `when` says that the value is the loop's own record, where one
    of these attributes (of none: always) holds something; None where only `collect` knows.
    """

    bind: Callable[[Any, Any, int], None]
    collect: Callable[[Any], Values]
    attribute: str = ""
    spreads: bool = False
    single: bool = False
    watch: str = ""
    covers: tuple[str, ...] = ()
    when: tuple[str, ...] | None = None


NOTHING = ("", None, ())
NOWHERE = Place(lambda record, value, position: None, lambda record: [])


def former(attribute: str) -> Place:
    """Read into a list where an earlier version of the guide has it; refused by the writer, since this version has not."""
    return Place(add(attribute).bind, lambda record: [], attribute)


def spread(*when: str) -> Place:
    """The elements are fields of the loop's own record; the segment is written when one of `when` holds something."""

    def bind(record: Any, pairs: Any, _: int) -> None:
        for name, value in pairs:
            setattr(record, name, value)

    def collect(record: Any) -> Values:
        for name in when:
            if getattr(record, name) not in NOTHING:
                return [record]
        return [] if when else [record]

    return Place(bind, collect, spreads=True, single=True, when=when)


STREET = spread("street", "street2")
CITY = spread("city", "state", "zip", "country", "subdivision")
SPECIALTY = spread("taxonomy", "provider_role")
BIRTH = spread("birth_date", "sex")


def put(attribute: str) -> Place:
    """The value is one attribute; None or empty writes nothing."""

    def bind(record: Any, value: Any, _: int) -> None:
        setattr(record, attribute, value)

    def collect(record: Any) -> Values:
        value = getattr(record, attribute)
        return [value] if value not in NOTHING else []

    return Place(bind, collect, attribute, single=True, watch=attribute)


def add(attribute: str) -> Place:
    """The value is appended to a list; one segment each is written."""

    def bind(record: Any, value: Any, _: int) -> None:
        if value is not None:
            getattr(record, attribute).append(value)

    return Place(bind, lambda record: getattr(record, attribute), attribute, watch=attribute)


def extend(attribute: str, size: int, key: Callable[[Any], Any]) -> Place:
    """One segment holds up to `size` values of equal `key`; all go into one list, neighbours are written together."""

    def bind(record: Any, values: Any, _: int) -> None:
        getattr(record, attribute).extend(values)

    def collect(record: Any) -> Values:
        chunks: list[list[Any]] = []
        for item in getattr(record, attribute):
            if chunks and len(chunks[-1]) < size and key(chunks[-1][-1]) == key(item):
                chunks[-1].append(item)
            else:
                chunks.append([item])
        return chunks

    return Place(bind, collect, watch=attribute)


def party(attribute: str) -> Place:
    """A name segment becomes a `Party` of its own in this attribute."""

    def bind(record: Any, pairs: Any, _: int) -> None:
        setattr(record, attribute, Party(**{"entity": "", **dict(pairs)}))

    def collect(record: Any) -> Values:
        value = getattr(record, attribute)
        return [] if value is None else [value]

    return Place(bind, collect, single=True, watch=attribute)


def coded(attribute: str, code: str) -> Place:
    """A segment (code, value): the values under this code are a plain list."""

    def bind(record: Any, value: Any, _: int) -> None:
        getattr(record, attribute).append(value[1] if len(value) > 1 else "")

    return Place(bind, lambda record: [(code, value) for value in getattr(record, attribute)], watch=attribute)


def cents(attribute: str, code: str) -> Place:
    """An AMT whose cents are one attribute (None: absent)."""

    def bind(record: Any, value: Any, _: int) -> None:
        setattr(record, attribute, value.cents)

    def collect(record: Any) -> Values:
        value = getattr(record, attribute)
        return [] if value is None else [Amount(code, value)]

    return Place(bind, collect, single=True, covers=(attribute,))


@dataclass(slots=True)
class Seg:
    """One line of a description. `codes` are the values of the qualifier element that the guide allows here; `anywhere`
    excuses the segment from the order (the guide has it at two places of the loop); `wants` is what the guide asks of its
    elements here and not everywhere."""

    shape: Shape
    place: Place
    required: bool = False
    limit: int = 0
    codes: tuple[str, ...] = ()
    anywhere: bool = False
    wants: tuple[Want, ...] = ()

    @property
    def tag(self) -> str:
        """The segment identifier."""
        return self.shape.tag


@dataclass(slots=True)
class Loop:
    """A loop: the segment that opens it, its record, where the record goes, its segments and loops in order.

    `unit` marks what is handed out one at a time and set aside alone; `parents` names, per attribute of the record, the
    loop above it whose record it is given; `level` is HL03 for an HL loop, a `leaf` of which the guide gives no HL04; `stray`
    marks a unit found where its loop is missing; one that is `alone` lacks nothing then (an 835 claim: its LX only counts).
    """

    id: str
    record: Callable[[], Any]
    place: Place
    header: Seg
    body: tuple[Seg | Loop, ...]
    required: bool = False
    limit: int = 0
    unit: bool = False
    parents: dict[str, str] = field(default_factory=dict)
    level: str = ""
    leaf: bool = False
    stray: bool = False
    alone: bool = False


def seg(
    shape: Shape,
    place: Place,
    usage: str = "S",
    limit: int = 0,
    codes: str = "",
    anywhere: bool = False,
    wants: tuple[Want, ...] = (),
) -> Seg:
    """A description line: usage R required or S situational, limit 0 = any number."""
    return Seg(shape, place, usage == "R", limit, tuple(codes.split()), anywhere, wants)


def again(loop: Loop, **changes: Any) -> Loop:
    """The same loop at another place."""
    return replace(loop, **changes)


# Of the elements of a segment: what codes and rules (SNIP 4-6) judge it by (None: all of it must be looked at), and its fact
Sums = Callable[[list[str]], tuple[Hashable, Fact]]


@dataclass(slots=True, frozen=True)
class Quick:
    """How sound units are told without reading them (`scan`).

    `facts` are the segments (a tag, or tag*qualifier) that are looked at beside the opening one and those that hold codes;
    `sums` tells, by tag, what such a segment adds. `judge` is given the facts of units one behind another and gives
    the values of the fields `taken` of each, up to the first that the full reader must judge. So it must where a segment is in
    `barred`. `tally` adds these values to the running sums of the set. `lead` makes, by the id of the loop around the units,
    what tells whether the text that begins it wants the full reader for its units; without it, where the set's rules look above
    the units, such a loop is always read. `again` makes, by the kind of a fact whose codes are known, that of a segment which
    differs in its last element alone.
    """

    taken: tuple[str, ...]
    facts: tuple[str, ...]
    sums: Mapping[str, Sums]
    judge: Callable[[Iterable[Fact]], list[tuple[Any, ...]]]
    barred: tuple[str, ...] = ()
    tally: Callable[[list[int], list[tuple[Any, ...]]], None] | None = None
    lead: Mapping[str, Callable[[Delimiters], Callable[[str], bool]]] = field(default_factory=dict)
    again: Mapping[int, Callable[[Fact, str], Fact]] = field(default_factory=dict)


@dataclass(slots=True)
class SetDescription:
    """A transaction set: its ST01, the implementation's version, its record, its body (all between ST and SE).

    `qualifiers` tells which element qualifies a segment (1 unless named); `balance` checks a finished unit, `tally`
    adds it to running sums, and `total` checks the whole set against them; `finish` turns
    the tree that was read into the records that callers see; `rules` judges a finished unit (SNIP 4-6), `whole` the finished
    set; `quick` is the pass that spares sound units the full reader.
    """

    set_id: str
    version: str
    record: Callable[[], Any]
    body: tuple[Seg | Loop, ...]
    units: str = ""
    balance: Callable[[Any], list[Any]] | None = None
    tally: Callable[[list[int], Any], None] | None = None
    total: Callable[[Any, list[int]], list[Any]] | None = None
    finish: Callable[[Any], None] | None = None
    quick: Quick | None = None
    versions: tuple[str, ...] = ()
    rules: Rules | None = None
    whole: Callable[[Any], list[Any]] | None = None
