"""Random valid transaction sets, drawn from the descriptions themselves: every segment and loop that the codec knows."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from itertools import count

from schemas.x12.catalogue import TABLE, grammar
from schemas.x12.description import NOWHERE, Loop, Seg, SetDescription
from schemas.x12.elements import Element
from schemas.x12.shapes import Fields
from schemas.x12.values import format_cents, format_date
from schemas.x12.wants import COMPONENT, Want

ALL: dict[str, SetDescription] = {where.split(":")[1]: grammar(where).description for _, _, where in TABLE}
READ_ONLY = {"REVIEW_4010"}
DESCRIPTIONS = {name: description for name, description in ALL.items() if name not in READ_ONLY}
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _wanted(chance: random.Random, want: Want) -> str:
    """A text that the guide wants of an element here; empty where any will do."""
    among = want.pattern[3:].partition(")")[0].split("|") if want.pattern.startswith("(?:") else []
    made: dict[str, Callable[[], str]] = {
        "charge": lambda: format_cents(chance.randint(0, 10**7)),
        "zip": lambda: f"{chance.randint(0, 10**9 - 1):09d}",
        "units": lambda: str(chance.randint(0, 9999)),
        "procedure": lambda: f"{chance.choice(among)}:{'D0120' if among == ['AD'] else '99213'}",
        "facility_code": lambda: f"11:{want.pattern.split(COMPONENT)[1]}:1",
    }
    return made.get(want.name, lambda: chance.choice(among) if among else "")()


def _former(part: Seg | Loop) -> bool:
    """Only earlier versions of the guide have it: it is read and never written."""
    return bool(part.place.attribute and not part.place.watch)


class Maker:
    """Draws the segments of one set. Texts are unique, so that nothing can be swapped unnoticed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self._unique = count(1)
        self._levels = count(1)
        self.lines: list[str] = []

    def cents(self) -> str:
        """An amount."""
        return format_cents(self.random.choice((1, -1, 250, 99999, self.random.randint(-(10**7), 10**7))))

    def day(self) -> str:
        """A day."""
        return format_date(dt.date(1950, 1, 1) + dt.timedelta(self.random.randint(0, 40000)))

    def dated(self) -> list[str]:
        """Format and value of a DTP."""
        forms = (["D8", self.day()], ["RD8", f"{self.day()}-{self.day()}"], ["DT", f"{self.day()}1030"])
        return self.random.choice(forms)

    def body(self, parts: tuple[Seg | Loop, ...], above: int = 0) -> None:
        """Some of everything that the body allows, in its order."""
        start = len(self.lines)
        for part in parts:
            if (part.place is NOWHERE and not isinstance(part, Loop)) or _former(part):
                continue
            times = self.times(part)
            if isinstance(part, Loop) and part.id == "2000C" and "CLM" in {line[:3] for line in self.lines[start:]}:
                continue
            codes = list((part.header if isinstance(part, Loop) else part).codes)
            if part.limit == 1 and codes:
                times = min(times, len(codes))
            for number in range(times):
                code = codes[number % len(codes)] if codes else ""
                if isinstance(part, Loop):
                    self.loop(part, code, above)
                else:
                    self.segment(part, code)

    def times(self, part: Seg | Loop) -> int:
        """How often a part stands: at least once where it is required."""
        low = 1 if part.required or (isinstance(part, Loop) and part.unit) else 0
        codes = (part.header if isinstance(part, Loop) else part).codes
        high = 1 if part.place.single or (part.limit == 1 and len(codes) < 2) else 2
        return max(low, self.random.choice((0, 0, 1, high)))

    def loop(self, loop: Loop, code: str, above: int) -> None:
        """The opening segment, then the body."""
        if loop.level:
            number = next(self._levels)
            self.lines.append(f"HL*{number}*{above or ''}*{loop.level}*1")
            self.body(loop.body, number)
        else:
            self.segment(loop.header, code)
            self.body(loop.body, above)

    def segment(self, rule: Seg, code: str) -> None:
        """One segment; `code` is its qualifier."""
        shape = rule.shape
        if isinstance(shape, Fields):
            wanted = {want.name: _wanted(self.random, want) for want in rule.wants}
            texts = [wanted.get("".join(item.names[:1])) or self.element(item) for item in shape.elements]
            if code:
                texts[0] = code
        else:
            texts = self.special(shape.tag, code)
        self.lines.append("*".join([shape.tag, *texts]).rstrip("*"))

    def text(self, low: int = 1, high: int = 30) -> str:
        """A text nobody else has, as far as its length allows."""
        number, letters = next(self._unique), ""
        while number:
            number, digit = divmod(number, 36)
            letters = DIGITS[digit] + letters
        return letters[-high:].rjust(max(low, 1), "X")

    def element(self, item: Element) -> str:
        """A valid text for an element; optional records' elements may be absent."""
        if item.constant:
            return item.constant
        if not item.names:
            return ""
        if item.type == "C" and len(item.names) > 1:
            return ":".join(self.text(1, 2) for _ in item.names)
        return self.value(item)

    def value(self, item: Element) -> str:
        """By type."""
        kinds: dict[str, Callable[[], str]] = {
            "T": lambda: self.text(item.low, item.high or 30),
            "$": self.cents,
            "#": lambda: str(self.random.randint(0, 9999)),
            "N": lambda: str(self.random.randint(1, 9999)),
            "D": self.day,
            "P": lambda: f"HC:{self.text(5, 5)}:{self.text(2, 2)}",
            "L": lambda: f"{self.text(2, 2)}^{self.text(2, 2)}",
            "C": lambda: f"{self.text(1, 2)}:{self.text(1, 2)}",
            "I": lambda: "1:2",
        }
        return kinds[item.type[0]]()

    def octets(self) -> list[str]:
        """Length and data of a binary segment; all delimiters but the terminator may stand in it."""
        data = "".join(self.random.choices("ab=:*^|>\n ", k=self.random.randint(1, 3000)))
        return [str(len(data) + 1), f"{data}."]

    def special(self, tag: str, code: str) -> list[str]:
        """Segments with a form of their own."""
        number = f"{code or self.text(3, 3)}"
        forms: dict[str, Callable[[], list[str]]] = {
            "CAS": lambda: [self.text(2, 2), "45", self.cents(), "", "253", self.cents(), "2"],
            "DTP": lambda: [number, *self.dated()],
            "DTM": lambda: [number, self.day()],
            "PER": lambda: ["IC", self.text(), "TE", self.text(), "EM", self.text()],
            "HI": lambda: [f"{self.text(3, 3)}:{self.text()}:D8:{self.day()}", f"BE:A1:::{self.cents()}"],
            "PLB": lambda: [self.text(), self.day(), f"WO:{self.text()}", self.cents()],
            "STC": lambda: [f"A2:20:{self.text(2, 2)}", self.day(), "WQ", self.cents(), *[""] * 5, "A3:21"],
            "IK4": lambda: ["3:1", self.text(), "7", self.text()],
            "IK5": lambda: ["R", "5", "4"],
            "AK9": lambda: ["R", "1", "1", "0", "5"],
            "CTP": lambda: ["", "", "", "2", "UN"],
            "MSG": lambda: [self.text()],
            "NX1": lambda: [code],
            "BIN": lambda: self.octets(),
            "BDS": lambda: ["ASC", *self.octets()],
            "LQ": lambda: [number, self.text()],
        }
        return forms.get(tag, lambda: [self.text(), "", self.text()])()


def interchange(name: str, seed: int) -> str:
    """One interchange with one set of this description."""
    description = ALL[name]
    maker = Maker(seed)
    maker.body(description.body)
    record = description.record()
    st03 = "" if description.set_id == "835" else f"*{description.version}"
    lines = [
        f"ISA*00*{'':10}*00*{'':10}*ZZ*{'A':15}*ZZ*{'B':15}*260105*1200*^*00501*000000001*0*P*:",
        f"GS*{record.FUNCTIONAL_ID}*A*B*20260105*1200*1*X*{description.version}",
        f"ST*{description.set_id}*0001{st03}",
        *maker.lines,
        f"SE*{len(maker.lines) + 2}*0001",
        "GE*1*1",
        "IEA*1*000000001",
    ]
    return "~".join(lines) + "~"
