"""Makes the published JSON Schemas and the contract page from the models, so that neither can drift from the code."""

import ast
import inspect
import json
import textwrap
from itertools import pairwise
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from schemas.events import partner, values
from schemas.events.envelope import EventData
from schemas.events.partner import CorrectionRequested, EncounterRejected
from schemas.partner.envelope import PARTNER_EVENTS, PartnerEnvelope
from schemas.partner.rejections import rejection_codes

FOLDER = Path(__file__).parent
ANSWERS: tuple[type[EventData], ...] = (EncounterRejected, CorrectionRequested)
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def event_schema(model: type[EventData]) -> dict[str, Any]:
    """The JSON Schema of a whole event: the envelope around `model`; what a partner sends admits no unknown field."""
    schema = PartnerEnvelope.model_json_schema()
    data = model.model_json_schema(ref_template="#/$defs/{model}")
    definitions = data.pop("$defs", {})
    for name, part in {model.__name__: data, **definitions}.items():
        _describe(part, getattr(partner, name, None) or getattr(values, name))
    if model.TYPE in PARTNER_EVENTS:
        for part in (data, *definitions.values()):
            part["additionalProperties"] = False
    else:
        schema["properties"]["source"] = {"type": "string"}
    schema["properties"]["type"] = {"const": model.TYPE}
    schema["properties"]["data"] = data
    head = {"$schema": DIALECT, "$id": f"urn:{model.TYPE.replace('.', ':')}", "title": model.__name__}
    return {**head, "description": model.__doc__, **_rest(schema), "$defs": definitions}


def files() -> dict[str, str]:
    """Every published file by name, with its text."""
    models = (*PARTNER_EVENTS.values(), *ANSWERS)
    made = {f"{_short(model)}.schema.json": json.dumps(event_schema(model), indent=1) + "\n" for model in models}
    return {**made, "README.md": _page()}


def write(folder: Path = FOLDER) -> list[Path]:
    """Write what `files` makes; returns the paths."""
    written = []
    for name, text in files().items():
        path = folder / name
        path.write_text(text, "utf-8")
        written.append(path)
    return written


def _describe(part: dict[str, Any], model: type[BaseModel]) -> None:
    """Take over the sentences that stand below a model's fields."""
    body = ast.parse(textwrap.dedent(inspect.getsource(model))).body[0]
    statements = body.body if isinstance(body, ast.ClassDef) else []
    for field, after in pairwise(statements):
        if isinstance(field, ast.AnnAssign) and isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
            name = ast.unparse(field.target)
            if name in part.get("properties", {}):
                part["properties"][name]["description"] = " ".join(str(after.value.value).split())


def _rest(schema: dict[str, Any]) -> dict[str, Any]:
    return {name: part for name, part in schema.items() if name not in ("title", "description", "additionalProperties")}


def _short(model: type[EventData]) -> str:
    return model.TYPE.removeprefix("overturn.partner.")


def _page() -> str:
    page = (FOLDER / "page.md").read_text("utf-8")
    codes = "\n".join(f"| `{code}` | {row.about} | {row.remedy} |" for code, row in rejection_codes().items())
    page = page.replace("<!-- codes -->", f"| code | when | remedy |\n|---|---|---|\n{codes}")
    return page.replace("<!-- fields -->", "\n\n".join(_fields(model) for model in PARTNER_EVENTS.values()))


def _fields(model: type[EventData]) -> str:
    schema = event_schema(model)
    parts = {"data": schema["properties"]["data"], **schema["$defs"]}
    return "\n\n".join(
        [f"### `{model.TYPE}`", model.__doc__ or "", *(_table(name, part) for name, part in parts.items())]
    )


def _table(name: str, part: dict[str, Any]) -> str:
    required = part.get("required", [])
    rows = [
        f"| `{field}` | {'yes' if field in required else ''} | {_kind(of)} | {of.get('description', '')} |"
        for field, of in part.get("properties", {}).items()
    ]
    return "\n".join([f"**{name}**", "", "| field | required | type | meaning |", "|---|---|---|---|", *rows])


def _kind(of: dict[str, Any]) -> str:
    """A field's type in a few words: type, pattern, bounds; tables are read by people, the schema by machines."""
    if "$ref" in of:
        return str(of["$ref"]).rsplit("/", 1)[1]
    if "anyOf" in of:
        return " or ".join(_kind(part) for part in of["anyOf"])
    if of.get("type") == "array":
        bounds = f" ({of.get('minItems', 0)}–{of['maxItems']})" if "maxItems" in of else ""
        return f"list of {_kind(of['items'])}{bounds}"
    words = [str(of.get("format", of.get("type", "any")))]
    if "pattern" in of:
        words.append(f"`{of['pattern']}`".replace("|", "\\|"))
    if "maxLength" in of:
        words.append(f"{of.get('minLength', 0)}–{of['maxLength']} characters")
    if "maximum" in of:
        words.append(f"{of.get('minimum', of.get('exclusiveMinimum'))}–{of['maximum']}")
    return " ".join(words)
