"""Readiness over HTTP: does a process answer 200 on its /readyz?"""

from collections.abc import Callable
from http.client import HTTPConnection, HTTPException


def answers_ready(port: int) -> Callable[[], bool]:
    """A probe of http://127.0.0.1:<port>/readyz."""

    def ready() -> bool:
        connection = HTTPConnection("127.0.0.1", port, timeout=2.0)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    return ready
