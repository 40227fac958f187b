"""What every unit that was read carries: where it stood, its own bytes, what was found about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from schemas.x12.diagnostics import Diagnostic, errors
from schemas.x12.records.parts import RawSegment

if TYPE_CHECKING:
    from schemas.x12.records.envelope import Group, Interchange


class Filler(Protocol):
    """What a unit that was only checked needs to become whole."""

    def segments(self) -> list[str]:
        """The unit's segments as they stood."""

    def fill(self, unit: Any) -> None:
        """Sets every field that is absent."""


class Lazy:
    """Fields that are absent are filled in when the first of them is asked for; `raw` alone costs only itself."""

    __slots__ = ("_filler",)

    def __getattr__(self, name: str) -> Any:
        try:
            filler: Filler | None = object.__getattribute__(self, "_filler")
        except AttributeError:
            filler = None
        if filler is None:
            raise AttributeError(f"{type(self).__name__} has no {name}")
        if name == "raw":
            object.__setattr__(self, name, filler.segments())
            return object.__getattribute__(self, name)
        self._filler = None
        filler.fill(self)
        return getattr(self, name)

    @property
    def pending(self) -> bool:
        """True while the segments were checked but not yet made into fields."""
        try:
            return object.__getattribute__(self, "_filler") is not None
        except AttributeError:
            return False


@dataclass(slots=True)
class Unit(Lazy):
    """The smallest part of a transaction that is set aside alone (a claim, a subject, a status).

    `position` is the number of its first segment in the file (ISA = 1), `raw` its segments as they stood.
    """

    position: int = field(default=0, kw_only=True, compare=False)
    raw: list[str] = field(default_factory=list, kw_only=True, compare=False, repr=False)
    diagnostics: list[Diagnostic] = field(default_factory=list, kw_only=True, compare=False, repr=False)
    extras: list[RawSegment] = field(default_factory=list, kw_only=True, compare=False, repr=False)

    @property
    def set_aside(self) -> bool:
        """True when an error was found in this unit: park it, do not post it."""
        return bool(errors(self.diagnostics))


@dataclass(slots=True)
class TransactionSet(Unit):
    """One ST to SE. `control_number` is ST02; the writer assigns one when it is empty.

    `version` is what the file said (ST03, else GS08); the writer uses the class's own. `group` and `interchange` are those
    it came in. `diagnostics` holds what was found in the set, its claims' findings included; `content_hash` is sha256 over the segments between ST and SE, delimiters and line ends taken out.
    """

    SET_ID: ClassVar[str] = ""
    VERSION: ClassVar[str] = ""
    FUNCTIONAL_ID: ClassVar[str] = ""

    control_number: str = field(default="", kw_only=True, compare=False)
    version: str = field(default="", kw_only=True, compare=False)
    content_hash: str = field(default="", kw_only=True, compare=False)
    group: Group | None = field(default=None, kw_only=True, compare=False, repr=False)
    interchange: Interchange | None = field(default=None, kw_only=True, compare=False, repr=False)


@dataclass(slots=True)
class Composed(TransactionSet):
    """A set as the segments that were made of it (`compose`, `joined`); `kind` says which set they make, `diagnostics` what of
    it cannot be written."""

    kind: type[TransactionSet] = TransactionSet
    segments: list[str] = field(default_factory=list)
    """Without ST and SE."""


def kind_of(transaction: TransactionSet) -> type[TransactionSet]:
    """The class that names set, version and functional group."""
    return transaction.kind if isinstance(transaction, Composed) else type(transaction)
