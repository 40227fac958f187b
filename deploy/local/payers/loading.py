"""Reading a folder of payer policies; every fault is told with file, line, place and remedy."""

import difflib
import types
import typing
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from deploy.local.payers.model.listed import CODES_ON, LISTS, NOT_HELD, UNLISTED
from deploy.local.payers.model.payer import PayerModel
from deploy.local.payers.yaml_reader import Placed, YamlError, read_yaml
from schemas.codes.dated import table
from schemas.directory import DirectoryError, guides_of

SHIPPED = Path(__file__).with_name("policies")
"""The four payers of the demo."""


class PolicyError(ValueError):
    """The policies cannot be used; `faults` has one line for each fault."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def load(folder: Path | str = SHIPPED) -> list[PayerModel]:
    """All payers of a folder (`*.yaml`, `*.yml`), sorted by payer id; raises PolicyError with all faults at once."""
    files = _files(folder)
    if not files:
        raise PolicyError([f"{folder}: no *.yaml in it; name a folder that holds one YAML file a payer"])
    payers: list[PayerModel] = []
    faults: list[str] = []
    owner: dict[str, Path] = {}
    for path in files:
        try:
            payer = load_file(path)
        except PolicyError as error:
            faults += error.faults
            continue
        for name, value in (("payer_id", payer.payer_id), ("interchange_id", payer.published.interchange_id)):
            if (other := owner.setdefault(f"{name} {value}", path)) and other != path:
                faults.append(f"{path}: published.{name}: {value} is also in {other.name}; give each payer its own")
        payers.append(payer)
    if faults:
        raise PolicyError(faults)
    return sorted(payers, key=lambda payer: payer.payer_id)


def judge_codes(folder: Path | str, day: date) -> tuple[list[str], list[str]]:
    """What the policies of a folder name that is in no list of CARCs, RARCs or claim statuses, and what does not hold on
    this day; each line as a fault of `load` is told. A file that cannot be read is passed over: `load` tells it. Raises
    TableError where a list cannot be used."""
    for file_name in LISTS:
        table(file_name)
    told: dict[str, list[str]] = {UNLISTED: [], NOT_HELD: []}
    for path in _files(folder):
        try:
            placed = _placed(path)
            PayerModel.model_validate(placed.data if placed.data is not None else {}, context={CODES_ON: day})
        except PolicyError:
            continue
        except ValidationError as error:
            for fault in error.errors():
                if fault["type"] in told:
                    told[fault["type"]].append(describe(path, placed, fault))
    return told[UNLISTED], told[NOT_HELD]


def _files(folder: Path | str) -> list[Path]:
    return sorted(path for path in Path(folder).glob("*.y*ml") if path.suffix in (".yaml", ".yml"))


def load_file(path: Path) -> PayerModel:
    """One payer; raises PolicyError."""
    placed = _placed(path)
    try:
        payer = PayerModel.model_validate(placed.data if placed.data is not None else {})
    except ValidationError as error:
        raise PolicyError([describe(path, placed, fault) for fault in error.errors()]) from None
    return _with_guides(payer, path, placed) if payer.published.companion_guides else payer


def _placed(path: Path) -> Placed:
    try:
        return read_yaml(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise PolicyError([f"{path}: cannot be read: {error}; save it as UTF-8 text"]) from None
    except YamlError as error:
        raise PolicyError([f"{path}:{error.line}: {error}"]) from None


def _with_guides(payer: PayerModel, path: Path, placed: Placed) -> PayerModel:
    """The payer with its companion guides found, read and named by their whole path."""
    published, place = payer.published, ("published", "companion_guides")
    try:
        list(guides_of(published, path.parent))
    except DirectoryError as error:
        raise PolicyError([f"{path}:{placed.line(place)}: published.{str(error).partition(': ')[2]}"]) from None
    named = tuple(str((path.parent / name).resolve()) for name in published.companion_guides)
    return payer.model_copy(update={"published": published.model_copy(update={"companion_guides": named})})


def describe(path: Path, placed: Placed, fault: ErrorDetails) -> str:
    """One fault as `file:line: place: what; remedy`."""
    location = fault["loc"]
    place = ".".join(str(part) for part in location) or "file"
    return f"{path}:{placed.line(location)}: {place}: {_say(fault)}"


def _say(fault: ErrorDetails) -> str:
    kind, location = fault["type"], fault["loc"]
    if kind == "extra_forbidden":
        known = known_keys(PayerModel, location[:-1])
        near = difflib.get_close_matches(str(location[-1]), known, 1)
        hint = f"did you mean {near[0]}?" if near else f"known here: {', '.join(known) or 'nothing'}"
        return f"no such key; {hint}"
    if kind == "missing":
        return "is missing; add it (deploy/local/payers/README.md says what it means)"
    if kind in (UNLISTED, NOT_HELD):
        return fault["msg"]
    if kind == "value_error":
        return fault["msg"].removeprefix("Value error, ")
    if kind in ("model_type", "model_attributes_type", "dict_type"):
        return "must be a mapping; write its keys indented below it"
    if kind == "tuple_type":
        return "must be a list; write [a, b] or one `- item` a line"
    return f"{fault['msg'][0].lower()}{fault['msg'][1:]}; change the value"


def known_keys(model: type[BaseModel], location: tuple[str | int, ...]) -> list[str]:
    """The keys that may stand at a place of a policy; empty where none is known."""
    current: typing.Any = model
    for part in location:
        if isinstance(part, int):
            continue
        found = _models(current)
        fields = [one.model_fields[part].annotation for one in found if part in one.model_fields]
        if not fields:
            return []
        current = fields[0]
    return sorted({name for one in _models(current) for name in one.model_fields})


def _models(annotation: typing.Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    if typing.get_origin(annotation) in (tuple, typing.Union, types.UnionType, typing.Annotated):
        return [model for part in typing.get_args(annotation) for model in _models(part)]
    return []
