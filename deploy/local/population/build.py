"""`build`: (seed, N, payers) to a population."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from deploy.local.payers.draws import number
from deploy.local.payers.model.payer import PayerModel
from deploy.local.population.everyday import Everyday
from deploy.local.population.made import Made
from deploy.local.population.oddities import spoil
from deploy.local.population.plan import Ledger, planned
from deploy.local.population.population import PARTNER, Encounter, Population, Publication, Truth, merge
from deploy.local.population.strays import strays
from deploy.local.population.times import instant
from schemas.events.partner import EncounterSubmitted


@dataclass(frozen=True, slots=True)
class Numbered:
    """An encounter with its number; pairs have one each."""

    made: Made
    number: str


def build(seed: int, n: int, payers: Sequence[PayerModel]) -> Population:
    """The population of (seed, N, payers): N distinct encounters on days 0 to 59, and a few stray events besides.

    A payer that pays for nothing at all gets sound encounters that it will deny. Raises ValueError where N is below 1 or
    no payer is given.
    """
    if n < 1 or not payers:
        raise ValueError("a population needs at least one encounter and one payer")
    ledger = planned(seed, n, tuple(sorted(payers, key=lambda payer: payer.payer_id)))
    _fill(ledger)
    flat = [
        one
        for made in ledger.made
        for one in ((Made(made.before, scenario="original"), made) if made.before else (made,))
    ]
    ordered = sorted(enumerate(flat), key=lambda entry: (entry[1].first.day, number("order", seed, entry[0])))
    numbered = [Numbered(made, f"E{at:06d}") for at, (_, made) in enumerate(ordered, 1)]
    encounters = tuple(_encounter(one, seed) for one in numbered)
    regular = [_publication(encounter.day, encounter.event) for encounter in encounters]
    publications = sorted((*regular, *strays(encounters, seed)), key=lambda one: one.day)
    return Population(seed, encounters, tuple(publications), _members(flat))


def _fill(ledger: Ledger) -> None:
    """Plain encounters for the payers that are furthest behind their share."""
    makers = {
        payer.payer_id: Everyday(payer, ledger.seed, round(ledger.room * ledger.share(payer)))
        for payer in ledger.payers
    }
    while ledger.room > 0:
        payer = min(ledger.payers, key=lambda one: (ledger.total[one.payer_id] / one.share, one.payer_id))
        ledger.add(_plain(makers[payer.payer_id]), payer)


def _plain(maker: Everyday) -> Made:
    draft = maker.make()
    return Made(draft) if draft else Made(maker.hopeless(), scenario="hopeless", cause="not_covered", wins="nothing")


def _members(flat: list[Made]) -> tuple[Any, ...]:
    found = []
    for made in flat:
        for draft in (made.first, *made.corrections):
            if draft.insured:
                found.append(draft.member())
    return merge(found)


def _encounter(one: Numbered, seed: int) -> Encounter:
    made, first = one.made, one.made.first
    drafts = (first, *made.corrections)
    events = [envelope(draft.data(one.number, at), one.number, at, first.day) for at, draft in enumerate(drafts, 1)]
    if made.scenario == "refused":
        spoil(events[0]["data"], seed, one.number)
    truth = Truth(
        scenario=made.scenario,
        cause=made.cause,
        rule=made.rule,
        wins=made.wins,
        payer_id=first.insured[0].payer.payer_id if first.insured else "",
        corrects=made.corrects,
    )
    return Encounter(one.number, first.day, events[0]["id"], events[0], truth, tuple(events[1:]))


def envelope(data: dict[str, Any], encounter: str, revision: int, day: int) -> dict[str, Any]:
    """A partner's CloudEvents envelope; the time of a later revision is set when it is sent."""
    return {
        "specversion": "1.0",
        "id": f"{encounter}-{revision}",
        "source": f"/partners/{PARTNER}",
        "type": EncounterSubmitted.TYPE,
        "subject": encounter,
        "time": instant(day),
        "datacontenttype": "application/json",
        "data": data,
    }


def _publication(day: int, event: dict[str, Any], kind: str = "encounter") -> Publication:
    return Publication(day, event["subject"], event["id"], orjson.dumps(event), kind)
