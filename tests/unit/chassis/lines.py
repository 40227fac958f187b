"""Records for tests of the chassis."""

from collections.abc import Mapping


class Line:
    """A record as the Kafka client delivers it."""

    def __init__(self, value: bytes | None, headers: Mapping[str, str] | None = None, timestamp: int = 0) -> None:
        self.offset = 0
        self.timestamp = timestamp
        self.key: bytes | None = b"k"
        self.value = value
        self.headers = tuple((name, text.encode()) for name, text in (headers or {}).items())
