"""One JSON object a line to stderr; never a payload, never an exception's text, which could carry a patient."""

import logging
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

import orjson

PLAIN = (str, int, float, bool, type(None))
OURS = "services"


class JsonFormatter(logging.Formatter):
    """Formats our own records in full; of libraries' records only plain arguments, of exceptions only type and place."""

    def __init__(self, service: str, worker: int) -> None:
        super().__init__()
        self._service = service
        self._worker = worker

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "service": self._service,
            "worker": self._worker,
            "logger": record.name,
            "message": _message(record),
        }
        line.update(getattr(record, "fields", {}))
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            line["at"] = places(record.exc_info[2])
        return orjson.dumps(line, default=_type_name).decode()


def _message(record: logging.LogRecord) -> str:
    arguments = record.args
    if not arguments or not isinstance(arguments, tuple):
        return str(record.msg)
    shown = tuple(value if isinstance(value, PLAIN) else _type_name(value) for value in arguments)
    try:
        return str(record.msg) % shown
    except (TypeError, ValueError):
        return str(record.msg)


def _type_name(value: object) -> str:
    return f"<{type(value).__name__}>"


def places(trace: TracebackType | None) -> list[str]:
    """Where an exception passed, innermost last: module and line, without any value."""
    return [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)][-8:]


def configure(service: str, worker: int, level: int = logging.INFO) -> None:
    """Send every log record of this process to stderr as JSON; libraries from WARNING up."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter(service, worker))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger(OURS).setLevel(level)
    for faust in ("services.chassis.app", "services.chassis.batch_consumer"):
        logging.getLogger(faust).setLevel(logging.WARNING)  # mode names its loggers after the module of a subclass
