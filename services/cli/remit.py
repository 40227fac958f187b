"""`overturn remit FILE…`: post remittances that others made, also for claims that were never submitted here.

Exit status: 0 all posted (or posted before), 1 something is parked, 2 a file is unreadable or nothing could be posted.
"""

import asyncio
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer
from aiokafka.errors import KafkaError
from pymongo.errors import PyMongoError
from rich.console import Console
from rich.progress import Progress

from deploy.local.errors import StackError
from deploy.local.payers import PolicyError
from services.chassis.read_side import read_all
from services.clearinghouse.manifests import UNREADABLE
from services.cli.books import Books, Place
from services.cli.remit_files import NotRead, Reading, deliver, readings, wait_while
from services.cli.remit_report import pending, report, set_aside, tables
from services.cli.remit_stack import Post, posting
from services.cli.x12_text import shown
from services.remittance.domain.check import Check

PARKED, UNUSABLE = 1, 2
CLIENT = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
Files = Annotated[list[Path], typer.Argument(help="835 files, posted in this order.")]
Client = Annotated[str, typer.Option(help="Whose old receivables these are: lower-case letters, digits, hyphens.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on stdout instead of tables.")]


def remit(files: Files, client: Client = "takeover", as_json: AsJson = False) -> None:
    """Post 835 files; claims that are not ours open accounts of --client. Every cent gets a place or a reason."""
    check_arguments(files, client)
    console = Console(stderr=True)
    waiting = console.status("Looking for a running stack, else starting one")
    waiting.start()
    try:
        with posting() as post:
            waiting.stop()
            seen, found = post_all(post, files, client, console)
    except (StackError, PolicyError, NotRead) as error:
        typer.echo(f"Not posted: {error}", err=True)
        raise typer.Exit(UNUSABLE) from None
    except (KafkaError, PyMongoError) as error:
        away = f"broker or database went away ({type(error).__name__})"
        typer.echo(f"Not known whether all is posted: {away}; run the command again, nothing posts twice", err=True)
        raise typer.Exit(UNUSABLE) from None
    finally:
        waiting.stop()
    show(found, as_json)
    raise typer.Exit(status(found, seen))


def check_arguments(files: list[Path], client: str) -> None:
    """Nothing is posted before all files can be opened; ends the command with status 2, naming what cannot."""
    faults = []
    if not CLIENT.fullmatch(client):
        faults.append(f"--client {client}: use up to 40 lower-case letters, digits and hyphens")
    for path in files:
        try:
            with path.open("rb"):
                continue
        except OSError as error:
            faults.append(f"{path}: cannot be read ({error.strerror}); name an 835 file that you may read")
    for fault in faults:
        typer.echo(fault, err=True)
    if faults:
        raise typer.Exit(UNUSABLE)


def post_all(post: Post, files: list[Path], client: str, console: Console) -> tuple[list[Reading], dict[str, Any]]:
    """Deliver, wait until every posted claim has a place, add up. Raises NotRead and StackError."""
    door = Path(post.env["OVERTURN_DOORS"]) / f"takeover-{client}"
    with Books(Place.of(post.env)) as books, Progress(console=console, transient=True) as progress:
        task = progress.add_task("Reading", total=len(files))
        delivered = []
        for entry in deliver(files, door, post.check):
            delivered.append(entry)
            progress.advance(task)
        seen = readings(books, delivered)
        task = progress.add_task("Posting", total=None)
        checks = placed(post, books, seen)
        progress.advance(task)
        return seen, report(seen, checks)


def placed(post: Post, books: Books, seen: list[Reading]) -> dict[str, Check]:
    """The checks of the files, once every claim that they posted has a place; raises NotRead after two minutes."""
    place = Place.of(post.env)
    ids = [payment.check_id for reading in seen for payment in reading.delivery.payments]
    checks: dict[str, Check] = {}

    def unplaced() -> bool:
        checks.update(asyncio.run(load(place, books, ids)))
        return bool(pending(seen, checks))

    wait_while(
        unplaced,
        post.check,
        "a claim has no place: see `overturn deadletters list`, and the logs of claim_submission and remittance",
    )
    return checks


async def load(place: Place, books: Books, ids: Iterable[str]) -> dict[str, Check]:
    """The documents of these checks."""
    wanted = {"_id": {"$in": sorted(set(ids))}}
    documents = read_all(place.mongodb, f"{place.prefix}remittance", Check, books.cipher, wanted)
    return {key: check async for key, check in documents}


def status(found: dict[str, Any], seen: list[Reading]) -> int:
    """The exit status."""
    if any(reading.delivery.state == UNREADABLE for reading in seen):
        return UNUSABLE
    return PARKED if found["parked"] else 0


def show(found: dict[str, Any], as_json: bool) -> None:
    """Tables for people, one JSON object for machines."""
    if as_json:
        typer.echo(json.dumps(found, indent=1))
        return
    console = Console()
    for table in tables(found):
        console.print(table)
    for line in ("Parked:", *set_aside(found)) if found["parked"] else ():
        typer.echo(shown(line))
