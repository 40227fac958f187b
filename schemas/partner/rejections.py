"""The codes of a rejection: a dated table, published with the contract."""

from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from schemas.events.partner import Reason


class RejectionCode(BaseModel):
    """What a code means, and what its sender should do; `remedy` has places to fill from the contract."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    about: str
    remedy: str


@cache
def rejection_codes() -> dict[str, RejectionCode]:
    """All codes of the contract, in the order of the table."""
    table = yaml.safe_load(Path(__file__).with_name("rejections.yaml").read_text("utf-8"))
    return {code: RejectionCode.model_validate(row) for code, row in table["codes"].items()}


def reason(code: str, path: str, **filled: object) -> Reason:
    """A reason of the table at a JSON pointer; raises KeyError for a code that the table does not hold.

    `filled` must come from the contract (limits, names of fields), never from the refused event.
    """
    return Reason(code=code, path=path, remedy=rejection_codes()[code].remedy.format(**filled))
