"""Files of partners' events: one JSON object, a JSON list, or one object a line (NDJSON)."""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from json import JSONDecodeError
from pathlib import Path
from typing import Any

from schemas.events.partner import Reason
from schemas.partner.rejections import reason
from services.cli.json_places import lines_by_pointer
from services.intake.domain.contract import check, content, too_large

MOST_SHOWN = 40


class UnreadableFile(Exception):
    """A file that holds no events; the text names file, place and remedy."""


class NotJson(Exception):
    """What Python may take for a number and intake cannot read: NaN, Infinity, 1e400, a number of a thousand digits."""


@dataclass(frozen=True, slots=True)
class FoundEvent:
    """One event of a file, and where it stands."""

    file: Path
    line: int
    start: int
    """Character at which it begins."""
    end: int
    """The character after it."""
    text: str
    """Of the whole file."""
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that intake would refuse."""

    file: Path
    line: int
    event: str
    """The event's id, as it stands; empty where it has none."""
    reason: Reason

    def __str__(self) -> str:
        path = self.reason.path or "/"
        return f"{self.file}:{self.line}: {path}: {self.reason.code}: {self.reason.remedy}"


def read_events(path: Path) -> list[FoundEvent]:
    """The events of a file, in order; raises UnreadableFile."""
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise UnreadableFile(f"{path}: cannot be read ({error.strerror}); check the name and the rights") from None
    except UnicodeDecodeError as error:
        raise UnreadableFile(f"{path}: byte {error.start} is no UTF-8; save the file as UTF-8") from None
    try:
        found = list(_events(path, text))
    except JSONDecodeError as error:
        raise UnreadableFile(f"{path}:{error.lineno}: column {error.colno}: {error.msg}; mend the JSON there") from None
    if not found:
        raise UnreadableFile(f"{path}: holds no event; put at least one CloudEvents object in it")
    return found


def faults_of(event: FoundEvent, partner: str | None, seen: dict[tuple[str, str], str]) -> list[Fault]:
    """What intake would refuse of an event; without a partner the event's own source is believed.

    `seen` carries the contents by partner and event id from one event of a delivery to the next.
    """
    owner = partner or str(event.body.get("source", "")).removeprefix("/partners/")
    size = len(json.dumps(event.body, ensure_ascii=False).encode())
    own = event.text[event.start : event.end].encode()
    told = too_large(event.body, size) or check(event.body, owner, own)
    reasons = told.reasons or _reused(event, owner, seen)
    if not reasons:
        return []
    lines = lines_by_pointer(event.text, event.start, event.line)
    name = event.body.get("id")
    shown = name if isinstance(name, str) else ""
    return [Fault(event.file, _line(lines, reason.path), shown, reason) for reason in reasons]


def _events(path: Path, text: str) -> Iterator[FoundEvent]:
    """The objects of the text, one after the other, whatever list or line separates them."""
    decoder = json.JSONDecoder(parse_constant=_refuse, parse_int=_whole_number, parse_float=_number)
    at, line, begun = 0, 1, 0
    while (start := _next_value(text, at)) < len(text):
        line, begun = line + text.count("\n", begun, start), start
        try:
            body, at = decoder.raw_decode(text, start)
            whole = _whole(body)
        except NotJson as error:
            raise JSONDecodeError(f"an event here holds {error}, which is no JSON number", text, start) from None
        except RecursionError:
            raise JSONDecodeError("an event here is nested too deeply", text, start) from None
        if not isinstance(body, dict):
            raise JSONDecodeError("an event must be an object", text, start)
        if not whole:
            raise JSONDecodeError("an event here holds half a character (\\ud800 to \\udfff alone)", text, start)
        yield FoundEvent(path, line, start, at, text, body)
    if text.lstrip().startswith("[") and not text.rstrip().endswith("]"):
        raise JSONDecodeError("the list has no end; is the file cut off?", text, len(text))


def _whole(body: object) -> bool:
    """Whether every text can be sent: JSON may escape half of a character, UTF-8 has no bytes for it."""
    try:
        json.dumps(body, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _refuse(literal: str) -> None:
    raise NotJson(literal if len(literal) <= MOST_SHOWN else f"a number of {len(literal)} characters")


def _number(literal: str) -> float:
    value = float(literal)
    if math.isinf(value):
        _refuse(literal)
    return value


def _whole_number(literal: str) -> int:
    _number(literal)
    return int(literal)


def _next_value(text: str, at: int) -> int:
    """Past blanks, and past the brackets and commas of a list of events."""
    while at < len(text) and text[at] in " \t\r\n,[]":
        at += 1
    return at


def _reused(event: FoundEvent, owner: str, seen: dict[tuple[str, str], str]) -> tuple[Reason, ...]:
    key = owner, str(event.body["id"])
    same = seen.setdefault(key, content(event.body)) == content(event.body)
    return () if same else (reason("id_reused", "/id"),)


def _line(lines: dict[str, int], pointer: str) -> int:
    """The line of a pointer, or of the nearest part around it that is there."""
    while pointer not in lines:
        pointer = pointer.rpartition("/")[0]
    return lines[pointer]
