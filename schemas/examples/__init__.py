"""One folder an event type: a valid example, an invalid one, and the JSON Schemas frozen at its release."""

import json
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent


def example(type_: str, name: str = "valid") -> dict[str, Any]:
    """The `valid` or `invalid` example of an event type, or its `phi` in clear; raises FileNotFoundError."""
    found: dict[str, Any] = json.loads((FOLDER / type_ / f"{name}.json").read_text("utf-8"))
    return found


def has(type_: str, name: str) -> bool:
    """Whether the type's folder holds the file."""
    return (FOLDER / type_ / f"{name}.json").is_file()


def faults() -> dict[str, str]:
    """Where each invalid example is wrong: a JSON pointer by event type."""
    found: dict[str, str] = yaml.safe_load((FOLDER / "faults.yaml").read_text("utf-8"))
    return found
