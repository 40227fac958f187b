"""The clearinghouse owns no figure of the demo's report: what it carries is counted by who asked for it."""

from collections.abc import Iterable
from typing import Any

from services.clearinghouse.domain.lane import Lane


def figures(states: Iterable[tuple[str, Lane]]) -> dict[str, Any]:
    """No figures."""
    return {}
