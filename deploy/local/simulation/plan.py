"""What a simulation is made of, and the files from which its parts learn it."""

import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

import yaml

from deploy.local.payers import SHIPPED
from schemas.directory import PayerDirectory, PayerProfile
from services.chassis.crypto import create_key_file

PARTNERS = ("riverside",)


@dataclass(frozen=True, slots=True)
class Plan:
    """One simulation: the same plan gives the same outcome."""

    encounters: int
    seed: int
    days: int = 120
    payers_dir: str = str(SHIPPED)


def prepare(state: Path, plan: Plan, profiles: tuple[PayerProfile, ...]) -> dict[str, str]:
    """Write keys, payer directory and plan into the state folder; the variables that name them to every part.

    The identity key comes from the seed, so that two runs of one plan name the same accounts.
    """
    create_key_file(state / "keys.json", seed=plan.seed)
    return lay_out(state, plan, profiles)


def lay_out(state: Path, plan: Plan, profiles: tuple[PayerProfile, ...]) -> dict[str, str]:
    """Write payer directory and plan, but no key, into the state folder; the variables that name them."""
    directory = PayerDirectory(payers=tuple(_with_guides(state, profile) for profile in profiles))
    (state / "directory.yaml").write_text(yaml.safe_dump(directory.model_dump(mode="json"), sort_keys=False))
    (state / "simulation.json").write_text(json.dumps(asdict(plan), indent=1) + "\n")
    return {"OVERTURN_DIRECTORY": str(state / "directory.yaml"), "OVERTURN_PARTNERS": ",".join(PARTNERS)}


def _with_guides(state: Path, profile: PayerProfile) -> PayerProfile:
    """The profile with its companion guides beside the directory, so that the state folder is all that a service needs."""
    if not profile.companion_guides:
        return profile
    folder = Path("guides", profile.payer_id)
    (state / folder).mkdir(parents=True, exist_ok=True)
    names = []
    for number, path in enumerate(map(Path, profile.companion_guides), 1):
        names.append(str(folder / f"{number}-{path.name}"))
        shutil.copyfile(path, state / names[-1])
    return profile.model_copy(update={"companion_guides": tuple(names)})
