"""Files for the codec's bench: one remittance repeated, and remittances and claims of which no two segments are alike."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from pathlib import Path

from schemas.x12 import Adjustment, Claims837P, Dated, Delimiters, Diagnosis, Interchange, Reference, write
from tests.unit.x12.x12_examples import answer, batch, claim, envelope, payment, service, subscriber

END = "~\n"
START = dt.date(2026, 1, 1)


def repeated(size: int, example: Path | None = None) -> bytes:
    """One 835 transaction again and again under new numbers, up to `size` bytes: nine claims of four lines, each under its own
    LX, or that of `example`."""
    text = (example.read_bytes() if example else _nine()).decode("latin-1")
    mark, end = text[3], text[105]
    segments = [segment.strip() for segment in text.split(end) if segment.strip()]
    first = next(place for place, segment in enumerate(segments) if segment.startswith(f"ST{mark}"))
    last = next(place for place, segment in enumerate(segments) if segment.startswith(f"SE{mark}"))
    written, number, parts = 0, 0, segments[:first]
    while written < size:
        number += 1
        body = [
            _numbered(segment, mark, 2, f"T{number:09d}") if segment.startswith(f"TRN{mark}") else segment
            for segment in segments[first + 1 : last]
        ]
        one = [f"ST{mark}835{mark}{number:09d}", *body, f"SE{mark}{len(body) + 2}{mark}{number:09d}"]
        parts += one
        written += sum(map(len, one)) + 2 * len(one)
    group, control = segments[first - 1].split(mark)[6], segments[0].split(mark)[13]
    parts += [f"GE{mark}{number}{mark}{group}", f"IEA{mark}1{mark}{control}"]
    return (f"{end}\n".join(parts) + f"{end}\n").encode("latin-1")


def _numbered(segment: str, mark: str, place: int, text: str) -> str:
    texts = segment.split(mark)
    texts[place] = text
    return mark.join(texts)


def _nine() -> bytes:
    line = service(7300, Adjustment("CO", "131", 2400))
    shared = service(2500, Adjustment("PR", "3", 1400), Adjustment("CO", "131", 1100))
    claims = [answer(f"7722{number}", line, shared, line, shared) for number in range(9)]
    for number, one in enumerate(claims, 1):
        assert one.summary is not None
        one.summary.number = str(number)
    return write(envelope(payment(*claims)))


def distinct(size: int) -> bytes:
    """835 transactions of a hundred claims with their own names, numbers, days and amounts (and 400 procedures), up to `size` bytes."""
    chance = random.Random(7)
    procedures = [str(chance.randint(10000, 99999)) for _ in range(400)]
    frame = write(envelope(payment())).decode().split("~")
    head, body = frame[:2], frame[3:-4]
    written, number, parts = 0, 0, head
    while written < size:
        number += 1
        claims: list[str] = []
        paid = sum(_claim(chance, number * 100 + place, procedures, claims) for place in range(100))
        money = body[0].split("*")
        money[2] = f"{paid // 100}.{paid % 100:02d}"
        inner = ["*".join(money), f"TRN*1*T{number:09d}*1512345678", *body[2:], *claims]
        one = [f"ST*835*{number:09d}", *inner, f"SE*{len(inner) + 2}*{number:09d}"]
        parts += one
        written += sum(map(len, one)) + 2 * len(one)
    parts += [f"GE*{number}*101", "IEA*1*000000101"]
    return (END.join(parts) + END).encode()


def _claim(chance: random.Random, number: int, procedures: list[str], parts: list[str]) -> int:
    """Appends a claim of three lines; gives what it pays in cents."""
    lines, charged, paid, share = [], 0, 0, 0
    for place in range(3):
        charge, cut, due = chance.randint(5000, 900000), chance.randint(1, 2000), chance.randint(1, 2000)
        charged, paid, share = charged + charge, paid + charge - cut - due, share + due
        day = START + dt.timedelta(chance.randint(0, 300))
        lines += [
            f"SVC*HC:{chance.choice(procedures)}*{_money(charge)}*{_money(charge - cut - due)}**1",
            f"DTM*472*{day:%Y%m%d}",
            f"CAS*CO*45*{_money(cut)}",
            f"CAS*PR*2*{_money(due)}",
            f"REF*6R*L{number}{place}",
            f"AMT*B6*{_money(charge - cut)}",
        ]
    name = "".join(chance.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ", k=chance.randint(4, 12)))
    parts += [
        f"LX*{number}",
        f"CLP*C{number}*1*{_money(charged)}*{_money(paid)}*{_money(share)}*12*P{number}*11*1",
        f"NM1*QC*1*{name}*{name[:4]}****MI*M{number}",
        f"DTM*232*{START + dt.timedelta(number % 300):%Y%m%d}",
        *lines,
    ]
    return paid


def _money(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}".rstrip("0").rstrip(".") if cents % 100 else str(cents // 100)


def claims(count: int) -> Iterator[Claims837P]:
    """One 837P set of so many claims of three lines, each with its own subscriber, days, diagnoses and charges."""
    chance = random.Random(7)
    made = []
    for number in range(count):
        one = claim(f"C{number}", *(chance.randint(1000, 90000) for _ in range(3)))
        one.subscriber = subscriber()
        who = one.subscriber.person
        assert who is not None
        who.last, who.first, who.id = f"DOE{number}", f"J{number % 997}", f"M{number:08d}"
        who.street, who.birth_date = f"{number} ELM ST", dt.date(1950, 1, 1) + dt.timedelta(number % 15000)
        one.diagnoses = [Diagnosis("ABK", f"J{number % 100:02d}{number % 10}")]
        for place, line in enumerate(one.lines):
            line.dates = [Dated("472", START + dt.timedelta(number % 300))]
            line.references = [Reference("6R", f"L{number}{place}")]
        made.append(one)
    yield batch(*made)


def sent(count: int) -> tuple[Interchange, bytes]:
    """The claims as records and as written."""
    whole = envelope(*claims(count))
    return whole, write(whole, Delimiters(line_end="\n"))
