"""The segments of one interchange: one after another, or as the text that lies ahead for a pass that takes many at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

AHEAD = 1 << 14


class Whole(NamedTuple):
    """A segment that may hold terminators (its data are binary), without its own."""

    segment: str


class Cursor:
    """Yields segments as they stand, without their terminator and with the line ends around them.

    `text[place:]` lies ahead, `start` is where the last segment began; both are good until the next segment is taken.
    """

    __slots__ = ("_mark", "_regions", "_sink", "_whole", "end", "place", "start", "text")

    def __init__(self, regions: Iterator[str | Whole], end: str) -> None:
        self.text = ""
        self.place = self.start = self._mark = 0
        self.end = end
        self._regions = regions
        self._whole: Whole | None = None
        self._sink: Callable[[str], None] | None = None

    def __iter__(self) -> Cursor:
        return self

    def __next__(self) -> str:
        place = self.place
        stop = self.text.find(self.end, place)
        while stop < 0:
            if not self._more(place):
                return self._rest()
            place = self.place
            stop = self.text.find(self.end)
        self.start, self.place = place, stop + 1
        return self.text[place:stop]

    def look_ahead(self) -> None:
        """Makes sure that the last segment and `AHEAD` characters behind it are in `text`, where the interchange has them."""
        while len(self.text) - self.place < AHEAD and self._more(self.start):
            pass

    def tell(self, sink: Callable[[str], None]) -> None:
        """From here on `sink` is given all text that is passed, in pieces, until `told`."""
        self._sink, self._mark = sink, self.place

    def told(self, unless_last: bool) -> None:
        """Gives the sink the rest, without the segment taken last where that is `unless_last`."""
        if self._sink is not None:
            self._sink(self.text[self._mark : self.start if unless_last else self.place])
        self._sink = None

    def _more(self, keep: int) -> bool:
        """Another region behind the text from `keep` on; False at the end, or when a whole segment is next."""
        region = next(self._regions, None) if self._whole is None else None
        if not isinstance(region, str):
            self._whole = region or self._whole
            return False
        if self._sink is not None:
            self._sink(self.text[self._mark : keep])
        self.text, self._mark = self.text[keep:] + region, max(self._mark - keep, 0)
        self.place, self.start = self.place - keep, max(self.start - keep, 0)
        return True

    def _rest(self) -> str:
        """The whole segment that is next, or what stands behind the last terminator; raises StopIteration at the end."""
        if self.place < len(self.text):
            self.start, self.place = self.place, len(self.text)
            return self.text[self.start :]
        if self._whole is None:
            raise StopIteration
        token = self._whole.segment
        if self._sink is not None:
            self._sink(f"{self.text[self._mark :]}{token}{self.end}")
        self.text, self._whole = "", None
        self.place = self.start = self._mark = 0
        return token


def of_segments(segments: list[str], end: str) -> Cursor:
    """A cursor over segments that are at hand; one that holds a terminator stays whole."""
    text = end.join(segments) + end
    if text.count(end) == len(segments):
        return Cursor(iter([text]), end)
    return Cursor((Whole(segment) if end in segment else segment + end for segment in segments), end)
