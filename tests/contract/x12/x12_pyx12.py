"""pyx12 asked about a file of ours: what it finds wrong, and the values it reads."""

from __future__ import annotations

import io
import json
import logging
from functools import lru_cache
from typing import Any

import pyx12.error_handler
import pyx12.map_if
import pyx12.params
import pyx12.x12context
import pyx12.x12n_document

pyx12.map_if.load_map_file = lru_cache(
    pyx12.map_if.load_map_file
)  # the guides are megabytes of XML, read at every call
PARAMS = pyx12.params.params()
logging.getLogger("pyx12").setLevel(
    logging.CRITICAL
)  # it logs a stack for the 835 acknowledgement that nobody asked for


def objections(text: str) -> list[tuple[str, str, str]]:
    """Everything that it finds wrong: segment, code of the 999, its words."""
    said = io.StringIO()
    pyx12.x12n_document.x12n_document(PARAMS, io.StringIO(text), None, None, fd_json=said)
    return list(_walk(json.loads(said.getvalue()), ""))


def _walk(node: Any, segment: str) -> Any:
    if isinstance(node, dict):
        segment = node.get("seg_id", node.get("trn_set_id", segment))
        for error in node.get("errors", ()):
            yield segment, str(error.get("err_cde", error)), str(error.get("err_str", ""))
        for name, value in node.items():
            if name != "errors":
                yield from _walk(value, segment)
    elif isinstance(node, list):
        for value in node:
            yield from _walk(value, segment)


def values(text: str, loop: str, *paths: str) -> list[tuple[str | None, ...]]:
    """The values at these paths, for each loop of this kind."""
    source = pyx12.x12context.X12ContextReader(PARAMS, pyx12.error_handler.errh_null(), io.StringIO(text))
    found = [tuple(node.get_value(path) for path in paths) for node in source.iter_segments(loop) if node.id == loop]
    source.close()
    return found
