"""`overturn topics`: make the broker agree with topics.yaml."""

import asyncio
from collections.abc import Awaitable
from typing import Annotated, TypeVar

import typer
from aiokafka.errors import KafkaError

from services.chassis.topics import apply_topics, compare_topics
from services.cli.surroundings import broker

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="Kafka topics from schemas/events/topics.yaml: apply, diff."
)
Partners = Annotated[list[str] | None, typer.Option("--partner", help="Id of a partner; may be given several times.")]
Local = Annotated[bool, typer.Option("--local", help="For virtual time: any timestamp, nothing expires.")]
Replication = Annotated[int, typer.Option(help="Replicas of a topic; -1 is the broker's default.")]
T = TypeVar("T")


@app.command()
def apply(partner: Partners = None, local: Local = False, replication: Replication = -1) -> None:
    """Create the topics that are missing; existing ones are never changed."""
    config = broker()
    partners = partner or list(config.partners)
    made = _ask(apply_topics(config.bootstrap, config.prefix, config.partitions, partners, local, replication))
    for name in made:
        typer.echo(f"created {name}")
    typer.echo(f"{len(made)} topics created")


@app.command()
def diff(partner: Partners = None, local: Local = False) -> None:
    """Show where the broker differs; exit status 1 if it does."""
    config = broker()
    partners = partner or list(config.partners)
    found = _ask(compare_topics(config.bootstrap, config.prefix, config.partitions, partners, local))
    for difference in found:
        typer.echo(f"{difference.topic}: {difference.what}")
    if found:
        raise typer.Exit(1)
    typer.echo("the broker agrees with topics.yaml")


def _ask(question: Awaitable[T]) -> T:
    async def run() -> T:
        return await question

    try:
        return asyncio.run(run())
    except KafkaError as error:
        typer.echo(f"the broker does not answer as it should ({type(error).__name__}): is it up?", err=True)
        raise typer.Exit(1) from None
