"""The actors' policies: one YAML file each."""

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from deploy.local.payers.model.base import Days, Share
from deploy.local.payers.yaml_reader import YamlError, read_yaml

P = TypeVar("P", bound="Policy")
FOLDER = Path(__file__).with_name("policies")


class PolicyFault(ValueError):
    """A policy cannot be used; the text names file, line and place."""


class Policy(BaseModel):
    """A part of a policy; unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Answers(Policy):
    """Days until a request for a correction is answered, by its cause."""

    held: Days
    rejected: Days
    denied: Days


class PartnerPolicy(Policy):
    """What partners do with our requests."""

    answers: Answers
    ignores_share: Share = 0.0


class Habit(Policy):
    """How one kind of guarantor pays: how much of a statement, from which cycle on, after how many days."""

    share: float = Field(gt=0)
    pays_percent: int = Field(ge=0, le=100)
    from_cycle: int = Field(default=1, ge=1)
    days: Days
    method: str = Field(pattern=r"^(card|check|cash|portal)$")


class PatientPolicy(Policy):
    """The habits of guarantors."""

    habits: tuple[Habit, ...] = Field(min_length=1)


class Approvals(Policy):
    """How supervisors decide about appeals."""

    approves_from_cents: int = Field(default=0, ge=0)
    declines_share: Share = 0.0
    unanswered_share: Share = 0.0
    days: Days


class WriteOffs(Policy):
    """How supervisors answer when triage proposes to write off more than it may alone."""

    declines_share: Share = 0.0
    days: Days


class StaffPolicy(Policy):
    """What staff do."""

    approvals: Approvals
    write_offs: WriteOffs


def load_policy(model: type[P], path: Path) -> P:
    """Read one policy; raises PolicyFault."""
    try:
        placed = read_yaml(path.read_text("utf-8"))
        return model.model_validate(placed.data)
    except (OSError, UnicodeDecodeError, YamlError) as error:
        raise PolicyFault(f"{path}: cannot be read: {error}") from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise PolicyFault(f"{path}:{placed.line(first['loc'])}: {place}: {first['msg']}") from None
