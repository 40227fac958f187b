"""Functions made from the descriptions, for what happens so often that a loop over the description would cost too much."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any


def made(name: str, lines: Sequence[str], known: dict[str, Any]) -> Callable[..., Any]:
    """The function `name` that these lines define; `known` are the names they may use."""
    scope = dict(known)
    exec(compile("\n".join(lines), f"<made {name}>", "exec"), scope)  # noqa: S102 - made of field names that the descriptions hold
    function: Callable[..., Any] = scope[name]
    return function


def setter(names: Sequence[str]) -> Callable[[Any, tuple[Any, ...]], Any]:
    """Sets these attributes of a record to the values, in their order, and gives the record back."""
    targets = "".join(f"record.{name}, " for name in names)
    return made(
        "known", ["def known(record, values):", f" {targets}= values" if names else " pass", " return record"], {}
    )
