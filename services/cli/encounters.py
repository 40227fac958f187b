"""`overturn encounters validate|publish FILE…`: check and send encounters as a partner would.

Exit status: 0 all valid (and sent), 1 something invalid (nothing is sent), 2 a file or the broker cannot be used.
"""

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from deploy.local.errors import StackError
from deploy.local.state import running_stack, state_dir
from services.cli.encounter_files import Fault, FoundEvent, UnreadableFile, faults_of, read_events
from services.cli.encounter_sender import NotSent, send

INVALID, UNUSABLE = 1, 2
app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="Check and send encounters as a partner's system would."
)

Files = Annotated[list[Path], typer.Argument(help="JSON or NDJSON files of CloudEvents (see schemas/partner).")]
Partner = Annotated[str | None, typer.Option(help="Whose they are; otherwise each event's source is believed.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object instead of lines.")]


@dataclass(slots=True)
class Delivery:
    """What some files hold."""

    events: list[FoundEvent] = field(default_factory=list)
    invalid: int = 0
    faults: list[Fault] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)

    @property
    def status(self) -> int:
        """The exit status that it deserves."""
        if self.unreadable:
            return UNUSABLE
        return INVALID if self.faults else 0


@app.command()
def validate(files: Files, partner: Partner = None, as_json: AsJson = False) -> None:
    """Check files against the partner contract; nothing is sent."""
    delivery = look_at(files, partner)
    tell(delivery, as_json=as_json, published=None)
    raise typer.Exit(delivery.status)


@app.command()
def publish(
    files: Files,
    partner: Partner = None,
    bootstrap: Annotated[
        str | None, typer.Option(help="Broker; otherwise KAFKA_BOOTSTRAP_SERVERS or the stack.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check files and send their events; if one event is invalid or a file unreadable, none is sent."""
    delivery = look_at(files, partner)
    if delivery.status:
        tell(delivery, as_json=as_json, published=0)
        raise typer.Exit(delivery.status)
    try:
        send_all(delivery.events, *broker(bootstrap), partner)
    except NotSent as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(UNUSABLE) from None
    tell(delivery, as_json=as_json, published=len(delivery.events))


def look_at(files: list[Path], partner: str | None) -> Delivery:
    """Read and check every file."""
    delivery, seen = Delivery(), dict[tuple[str, str], str]()
    for path in files:
        try:
            events = read_events(path)
        except UnreadableFile as error:
            delivery.unreadable.append(str(error))
            continue
        delivery.events += events
        for event in events:
            faults = faults_of(event, partner, seen)
            delivery.faults += faults
            delivery.invalid += bool(faults)
    return delivery


def tell(delivery: Delivery, *, as_json: bool, published: int | None) -> None:
    """Faults and sums; lines on stderr and a sum on stdout, or one JSON object on stdout."""
    sums = {"events": len(delivery.events), "invalid": delivery.invalid, "faults": len(delivery.faults)}
    if published is not None:
        sums["published"] = published
    if as_json:
        found = [
            {"file": str(f.file), "line": f.line, "event": f.event, **f.reason.model_dump()} for f in delivery.faults
        ]
        typer.echo(json.dumps({**sums, "faults": found, "unreadable": delivery.unreadable}))
        return
    for line in (*delivery.unreadable, *map(str, delivery.faults)):
        typer.echo(line, err=True)
    typer.echo(", ".join(f"{count} {name}" for name, count in sums.items()))


def send_all(events: list[FoundEvent], bootstrap: str, prefix: str, partner: str | None) -> None:
    """Send with a progress bar; raises NotSent."""
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Sending", total=len(events))
        send(events, bootstrap, prefix, partner, lambda: progress.advance(task))


def broker(given: str | None) -> tuple[str, str]:
    """Bootstrap servers and topic prefix: as given, else of the environment, else of the running stack."""
    env = dict(os.environ)
    if given is None and "KAFKA_BOOTSTRAP_SERVERS" not in env:
        try:
            env |= running_stack(state_dir()) or {}
        except StackError as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(UNUSABLE) from None
    bootstrap = given or env.get("KAFKA_BOOTSTRAP_SERVERS")
    if not bootstrap:
        typer.echo("No stack runs here: start one (overturn up), or set KAFKA_BOOTSTRAP_SERVERS", err=True)
        raise typer.Exit(UNUSABLE)
    return bootstrap, env.get("OVERTURN_PREFIX", "")
