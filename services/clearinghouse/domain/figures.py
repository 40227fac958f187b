"""The clearinghouse owns no figure of the demo's report: what it carries is counted by who asked for it."""

from collections.abc import Iterable
from typing import Any

from schemas.document import Aggregate


def figures(states: Iterable[tuple[str, Aggregate]]) -> dict[str, Any]:
    """No figures."""
    return {}
