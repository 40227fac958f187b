"""Whole files of random sets, as partners send them in any dress: several interchanges, groups and sets, any delimiters."""

from __future__ import annotations

import codecs
import random
from dataclasses import dataclass

from schemas.x12 import Adjustment, TransactionSet
from schemas.x12.description import SetDescription
from schemas.x12.writer import write_set
from tests.unit.x12.x12_examples import answer, batch, claim, payment, service
from tests.unit.x12.x12_grammar import DESCRIPTIONS, Maker

CLAIMS = frozenset({"CLP", "CLM"})
PLAIN = "*:~^"
MARKS = (
    PLAIN,
    "|>\n^",
    "*:\n^",
    "|:\x1c\x1e",
    "\x1d\x1f\x1c\x1e",
    "!@#$",
    "\t:~^",
    "+:'*",
    "\x01\x02\x03\x04",
    "*>~\\",
)
DRESSES: tuple[tuple[bytes, str], ...] = (
    *((b"", "latin-1"),) * 3,
    (codecs.BOM_UTF8, "latin-1"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True)
class Drawn:
    """A file in plain delimiters, and the dress it is sent in: other delimiters, line ends, encoding."""

    text: str
    marks: str = PLAIN
    line_end: str = ""
    dress: tuple[bytes, str] = DRESSES[0]

    @property
    def sent(self) -> str:
        """The text in its own delimiters."""
        text = self.text.translate(str.maketrans(PLAIN, self.marks))
        return text.replace(self.marks[2], self.marks[2] + self.line_end) if self.line_end else text

    @property
    def data(self) -> bytes:
        """The bytes."""
        mark, encoding = self.dress
        return mark + self.sent.encode(encoding, "replace")


def claims_in(text: str, marks: str = PLAIN) -> int:
    """Segments that open a claim, counted without the codec."""
    tokens = (token.lstrip(" \t\r\n\x1a\x00\ufeff") for token in text.split(marks[2]))
    return sum(token.rstrip("\r\n").split(marks[0])[0] in CLAIMS for token in tokens)


def draw(seed: int, *names: str) -> Drawn:
    """One to three interchanges of one or two groups with one to three sets each, in any dress; `names` are the sets."""
    chance = random.Random(seed)
    text = "".join(interchange(chance, number, names) for number in range(1, chance.choice((1, 1, 2, 3)) + 1))
    marks = chance.choice(MARKS)
    return Drawn(text, marks, "" if marks[2] == "\n" else chance.choice(("", "\n", "\r\n")), chance.choice(DRESSES))


def interchange(chance: random.Random, number: int, names: tuple[str, ...] = ()) -> str:
    """One interchange in plain delimiters; control numbers of groups and sets are used again, as senders do."""
    groups = [group(chance, place, names) for place in range(1, chance.choice((1, 1, 2)) + 1)]
    head = f"ISA*00*{'':10}*00*{'':10}*ZZ*{'A':15}*ZZ*{'B':15}*260105*1200*^*00501*{number:09d}*0*P*:"
    return "~".join([head, *(line for one in groups for line in one), f"IEA*{len(groups)}*{number:09d}", ""])


def group(chance: random.Random, number: int, names: tuple[str, ...]) -> list[str]:
    """GS to GE with sets of one kind."""
    description = DESCRIPTIONS[chance.choice(names or tuple(sorted(DESCRIPTIONS)))]
    bodies = [body(chance, description) for _ in range(chance.choice((1, 1, 2, 3)))]
    st03 = "" if description.set_id == "835" else f"*{description.version}"
    lines = [f"GS*{description.record().FUNCTIONAL_ID}*A*B*20260105*1200*{number}*X*{description.version}"]
    for place, inner in enumerate(bodies, 1):
        lines += [f"ST*{description.set_id}*{place:04d}{st03}", *inner, f"SE*{len(inner) + 2}*{place:04d}"]
    return [*lines, f"GE*{len(bodies)}*{number}"]


def body(chance: random.Random, description: SetDescription) -> list[str]:
    """What stands between ST and SE: anything the description allows, or (835 and 837P, half of the time) a sound one."""
    makers = {"005010X221A1": sound_payment, "005010X222A1": sound_batch}
    make = makers.get(description.version)
    if make is not None and chance.random() < 0.5:
        return write_set(make(chance))[0]
    maker = Maker(chance.getrandbits(32))
    maker.body(description.body)
    return maker.lines


def sound_payment(chance: random.Random) -> TransactionSet:
    """An 835 in balance."""
    lines = []
    for number in range(chance.randint(1, 5)):
        adjustments = [
            Adjustment(chance.choice(("CO", "PR", "OA")), chance.choice(("45", "1", "97")), chance.randint(1, 900))
            for _ in range(chance.randint(0, 8))
        ]
        lines.append(service(chance.randint(8000, 10**6), *adjustments, control=f"L{number}"))
    cuts = sorted(chance.sample(range(1, len(lines)), chance.randint(0, len(lines) - 1)))
    parts = [lines[start:end] for start, end in zip([0, *cuts], [*cuts, len(lines)], strict=True)]
    return payment(*(answer(f"A{number}", *part) for number, part in enumerate(parts)))


def sound_batch(chance: random.Random) -> TransactionSet:
    """An 837P in balance."""
    amounts = ([chance.randint(1, 10**6) for _ in range(chance.randint(1, 4))] for _ in range(chance.randint(1, 5)))
    return batch(*(claim(f"A{number}", *charges) for number, charges in enumerate(amounts)))
