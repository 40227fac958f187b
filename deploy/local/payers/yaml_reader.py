"""YAML with places: scalars stay texts (so that 01 and 99213 are codes, not numbers), keys may stand once."""

from dataclasses import dataclass, field
from typing import Any

import yaml

Path = tuple[str | int, ...]
MAX_DEPTH, MAX_PARTS = 50, 200_000
"""Beyond these a policy is no policy: its references (*name) lead back to themselves, or unfold without measure."""
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class YamlError(ValueError):
    """The text is no YAML of this kind; `line` counts from 1."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


@dataclass(slots=True)
class Placed:
    """Plain data, and the line on which each part of it stands."""

    data: Any = None
    lines: dict[Path, int] = field(default_factory=dict)

    def line(self, path: Path) -> int:
        """The line of a place, or of the nearest part around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read_yaml(text: str) -> Placed:
    """Data and lines of one YAML document; raises YamlError."""
    try:
        node = yaml.compose(text, Loader=LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise YamlError(mark.line + 1 if mark else 1, f"no YAML: {error.problem}") from None
    except yaml.YAMLError as error:
        raise YamlError(1, f"no YAML: {error}") from None
    placed = Placed()
    if node is not None:
        placed.data = _plain(node, (), placed.lines)
    return placed


def _plain(node: yaml.Node, path: Path, lines: dict[Path, int]) -> Any:
    line = node.start_mark.line + 1
    if len(path) > MAX_DEPTH or len(lines) > MAX_PARTS:
        raise YamlError(line, "nested too deep or unfolds to too much; write out the parts that *references repeat")
    lines.setdefault(path, line)
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, lines)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*path, index), lines) for index, item in enumerate(node.value)]
    assert isinstance(node, yaml.ScalarNode)
    return None if node.tag == "tag:yaml.org,2002:null" else str(node.value)


def _mapping(node: yaml.MappingNode, path: Path, lines: dict[Path, int]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            raise YamlError(line, "a key is no plain word; write `name: value`")
        name = str(key.value)
        if name in found:
            raise YamlError(line, f"the key {name} stands twice; keep one")
        lines[(*path, name)] = line
        found[name] = _plain(value, (*path, name), lines)
    return found
