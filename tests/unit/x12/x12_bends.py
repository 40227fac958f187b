"""What mailers, editors, bad lines and bad programs do to a file: each takes a text and a chance, and gives a text."""

from __future__ import annotations

import random
from collections.abc import Callable

from tests.unit.x12.x12_grammar import DESCRIPTIONS, Maker

Bend = Callable[[str, random.Random], str]
ODD = ("", "X", "-1", "9" * 50, "20260230", "1.005", "-", ".", "A:B", "A^B", "é", "\x00", "1e5", "٣", " ", "CLP", "ISA")


def delete(text: str, chance: random.Random) -> str:
    """Takes some characters out."""
    start = chance.randrange(len(text))
    return text[:start] + text[start + chance.randint(1, 40) :]


def truncate(text: str, chance: random.Random) -> str:
    """Cuts the end off."""
    return text[: chance.randrange(len(text))]


def flip(text: str, chance: random.Random) -> str:
    """Changes a few characters to any others."""
    bent = list(text)
    for _ in range(chance.randint(1, 8)):
        bent[chance.randrange(len(bent))] = chr(chance.randrange(256))
    return "".join(bent)


def repeat(text: str, chance: random.Random) -> str:
    """Doubles a stretch."""
    start = chance.randrange(len(text))
    return text[:start] + text[start : start + chance.randint(1, 400)] + text[start:]


def noise(text: str, chance: random.Random) -> str:
    """Puts rubbish in between."""
    place = chance.randrange(len(text))
    return text[:place] + "".join(chr(chance.randrange(256)) for _ in range(chance.randint(1, 30))) + text[place:]


def _of_segments(change: Callable[[list[str], int, random.Random], None]) -> Bend:
    def bend(text: str, chance: random.Random) -> str:
        segments = text.split("~")
        change(segments, chance.randrange(len(segments)), chance)
        return "~".join(segments)

    bend.__name__ = change.__name__
    return bend


@_of_segments
def drop(segments: list[str], place: int, chance: random.Random) -> None:
    """Takes up to three segments out."""
    del segments[place : place + chance.randint(1, 3)]


@_of_segments
def twice(segments: list[str], place: int, chance: random.Random) -> None:
    """Sends up to ten segments again, somewhere."""
    where = chance.choice((place, chance.randrange(len(segments))))
    segments[where:where] = segments[place : place + chance.randint(1, 10)]


@_of_segments
def swap(segments: list[str], place: int, chance: random.Random) -> None:
    """Exchanges two segments."""
    other = chance.randrange(len(segments))
    segments[place], segments[other] = segments[other], segments[place]


@_of_segments
def element(segments: list[str], place: int, chance: random.Random) -> None:
    """Puts something odd into an element, or an element too many or too few."""
    elements = segments[place].split("*")
    index = chance.randrange(len(elements))
    elements[index : index + chance.choice((0, 1, 1, 1, 2))] = [chance.choice(ODD)] * chance.choice((0, 1, 1, 1))
    segments[place] = "*".join(elements)


@_of_segments
def foreign(segments: list[str], place: int, chance: random.Random) -> None:
    """Puts segments of another set in between."""
    maker = Maker(chance.getrandbits(32))
    maker.body(DESCRIPTIONS[chance.choice(sorted(DESCRIPTIONS))].body)
    start = chance.randrange(len(maker.lines))
    segments[place:place] = maker.lines[start : start + chance.randint(1, 5)]


BENDS: tuple[Bend, ...] = (delete, truncate, flip, repeat, noise, drop, twice, swap, element, foreign)


def bend(text: str, chance: random.Random, times: int = 3) -> str:
    """Bends a text up to so many times."""
    for _ in range(chance.randint(1, times)):
        text = chance.choice(BENDS)(text, chance) or " "
    return text
