"""What was folded last, so that the same facts are not folded again for every question of one event."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

R = TypeVar("R")
KEPT = 4


class Recall(Generic[R]):
    """The last answers of a pure function.

    Facts are told apart by identity: frozen values are shared by the copies of what holds them, and comparing them
    would cost as much as folding them. An identity stands for its fact while that is kept beside the answer.
    """

    def __init__(self) -> None:
        self._last: OrderedDict[tuple[int, ...], tuple[tuple[object, ...], R]] = OrderedDict()

    def of(self, facts: tuple[object, ...], fold: Callable[[], R]) -> R:
        """The answer to these facts: what `fold` says, unless it has just said it."""
        identity = tuple(map(id, facts))
        known = self._last.get(identity)
        if known is not None:
            return known[1]
        answer = fold()
        self._last[identity] = facts, answer
        if len(self._last) > KEPT:
            self._last.popitem(last=False)
        return answer
