"""Make what must be there before the first start, where it is missing: ``python -m deploy.prepare``.

The key file (OVERTURN_KEYS), the payer directory (directory.yaml in OVERTURN_STATE, from the `published` part of the
payers in OVERTURN_PAYERS, else of the shipped simulator; one that is there is somebody's work and is kept) and the
topics of OVERTURN_PARTNERS. Settings as for a service.
"""

import asyncio
import os
import sys
from pathlib import Path

from deploy.local import payers
from deploy.local.simulation.plan import PARTNERS, Plan, lay_out
from services.chassis.config import ConfigError, from_env
from services.chassis.crypto import create_key_file
from services.chassis.topics import apply_topics


def write_surroundings(state: Path, keys: Path, payers_dir: Path = payers.SHIPPED) -> dict[str, str]:
    """Write key file, payer directory and the simulator's plan; returns the variables that name them.

    Raises PolicyError for a payer file that cannot be used.
    """
    create_key_file(keys)
    models = payers.load(payers_dir)
    plan = Plan(encounters=0, seed=0, days=0, payers_dir=str(payers_dir.absolute()))
    return lay_out(state, plan, tuple(model.published for model in models))


def main() -> int:
    """Exit status 0 when all is there, 78 when a variable is wrong or missing."""
    keys = Path(os.environ.get("OVERTURN_KEYS") or "keys.json")
    state = Path(os.environ.get("OVERTURN_STATE") or ".overturn")
    state.mkdir(parents=True, exist_ok=True)
    try:
        create_key_file(keys)
        if not (state / "directory.yaml").is_file():
            write_surroundings(state, keys, Path(os.environ.get("OVERTURN_PAYERS") or payers.SHIPPED))
        config = from_env("prepare")
    except (ConfigError, payers.PolicyError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 78
    partners = config.partners or PARTNERS
    made = asyncio.run(apply_topics(config.bootstrap, config.prefix, config.partitions, partners, local=False))
    print(f"{len(made)} topics made, the others were there")
    return 0


if __name__ == "__main__":
    sys.exit(main())
