"""`overturn deadletters`: look at what could not be handled, put it back, or close it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict
from typing import Annotated, TypeVar

import orjson
import typer
from aiokafka.errors import KafkaError
from rich.console import Console
from rich.progress import track
from rich.table import Column, Table

from services.chassis.crypto import Undecryptable
from services.chassis.letter_desk import Desk, Letter
from services.chassis.topics import load_topics
from services.cli.surroundings import surroundings

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="Dead letters: list, show, replay, discard; resume a stopped service.",
)
Service = Annotated[str, typer.Argument(help="Name of the service, for example intake.")]
Ids = Annotated[list[str] | None, typer.Argument(help="Ids of letters, or their beginnings.")]
Code = Annotated[str | None, typer.Option(help="Only letters with this reason code.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object a line, for machines.")]
T = TypeVar("T")
All = Annotated[bool, typer.Option("--all", help="Every open letter.")]


def services() -> list[str]:
    """Services that have a topic for dead letters."""
    suffix = ".deadletters.v1"
    return [spec.name.removesuffix(suffix) for spec in load_topics() if spec.name.endswith(suffix)]


@app.command("list")
def list_letters(
    service: Annotated[str | None, typer.Argument(help="One service; all if left out.")] = None,
    closed: Annotated[bool, typer.Option("--closed", help="Replayed and discarded ones too.")] = False,
    json: Json = False,
) -> None:
    """The open dead letters, oldest first."""
    wanted = [_known(service)] if service else services()
    letters = [letter for letter in _read(wanted) if closed or letter.state == "open"]
    if json:
        for letter in letters:
            typer.echo(orjson.dumps(asdict(letter)))
        return
    table = Table(
        *(Column(name, overflow="fold") for name in ("id", "service", "code", "place", "from", "seen", "state"))
    )
    for letter in letters:
        origin = f"{letter.topic}/{letter.partition}@{letter.offset}"
        table.add_row(letter.id[:8], letter.service, letter.code, letter.place, origin, letter.seen[:19], letter.state)
    Console().print(table if letters else "No dead letters.")


@app.command()
def show(
    service: Service,
    letter: Annotated[str, typer.Argument(help="Id of the letter, or its beginning.")],
    payload: Annotated[
        bool, typer.Option("--payload", help="The record itself; it may hold a patient's data.")
    ] = False,
) -> None:
    """One letter as JSON."""
    found = _chosen(_known(service), [letter], None, closed=True)[0]
    fields = asdict(found)
    if payload:
        raw = _do(lambda desk: desk.raw(found))
        fields["value"] = (raw.value or b"").decode(errors="replace")
    typer.echo(orjson.dumps(fields, option=orjson.OPT_INDENT_2))


@app.command()
def replay(
    service: Service,
    ids: Ids = None,
    every: All = False,
    code: Code = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many; the rest stays open.")] = 1000,
) -> None:
    """Put letters back for this service alone, oldest first; stops at the first that cannot be put back."""
    chosen = _chosen(_known(service), ids, code, every=every)[:limit]

    async def put_back(desk: Desk) -> int:
        return sum([await desk.replay([letter]) for letter in track(chosen, "Replaying", transient=True)])

    typer.echo(f"{_do(put_back)} of {len(chosen)} put back on {service}.replay.v1")


@app.command()
def discard(service: Service, ids: Ids = None, every: All = False, code: Code = None) -> None:
    """Close letters for good; their encrypted bytes stay in the topic."""
    chosen = _chosen(_known(service), ids, code, every=every)
    typer.echo(f"{_do(lambda desk: desk.discard(chosen))} closed")


@app.command()
def resume(service: Service) -> None:
    """Let workers read again that the dead letter limit has stopped."""
    known = _known(service)
    typer.echo(f"{_do(lambda desk: desk.resume(known))} workers of {service} may read again")


def _known(service: str) -> str:
    if service not in services():
        typer.echo(f"no service is named {service}: use one of {', '.join(services())}", err=True)
        raise typer.Exit(2)
    return service


def _chosen(
    service: str, ids: Sequence[str] | None, code: str | None, *, every: bool = False, closed: bool = False
) -> list[Letter]:
    letters = [letter for letter in _read([service]) if closed or letter.state == "open"]
    if code is not None:
        letters = [letter for letter in letters if letter.code == code]
    elif not ids and not every:
        typer.echo("name letters by id, or by --code, or say --all", err=True)
        raise typer.Exit(2)
    if not ids:
        return letters
    unknown = [wanted for wanted in ids if not any(letter.id.startswith(wanted) for letter in letters)]
    if unknown:
        typer.echo(f"no such open letter of {service}: {', '.join(unknown)}; see `overturn deadletters list`", err=True)
        raise typer.Exit(2)
    return [letter for letter in letters if any(letter.id.startswith(wanted) for wanted in ids)]


def _read(wanted: Sequence[str]) -> list[Letter]:
    async def read(desk: Desk) -> list[Letter]:
        return [letter for service in wanted for letter in await desk.letters(service)]

    return _do(read)


def _do(work: Callable[[Desk], Awaitable[T]]) -> T:
    config, cipher = surroundings()

    async def run() -> T:
        return await work(Desk(config, cipher))

    try:
        return asyncio.run(run())
    except KafkaError as error:
        typer.echo(f"the broker at {config.bootstrap} does not answer ({type(error).__name__}): is it up?", err=True)
        raise typer.Exit(1) from None
    except Undecryptable as error:
        typer.echo(f"a letter cannot be opened, {error}: does OVERTURN_KEYS hold the key of that time?", err=True)
        raise typer.Exit(1) from None
