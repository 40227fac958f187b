"""The demo's figures: every service's own, the outcome, and reconcile's verdict."""

import importlib
from typing import Any

from pymongo import MongoClient

from deploy.local.fleet import service_names
from deploy.local.kafka import VERSION
from deploy.local.stack import Stack
from services.cli.books import Books, Place
from services.cli.facts import outcome
from services.cli.letters import dead_letters
from services.cli.reconcile import Verdict, prove
from services.cli.report import merge, ordered


def collect(stack: Stack) -> tuple[dict[str, Any], Verdict]:
    """The report of DOMAIN §1 and §7 from a stack at rest, and what `conserved` in it rests on; raises ReportError where a
    figure has no owner."""
    place = Place.of(stack.env())
    facts: list[str] = []
    parts: dict[str, dict[str, Any]] = {}
    with Books(place) as books:
        for service in service_names():
            domain = f"services.{service}.domain"
            documents = list(books.all_documents(service))
            parts[service] = importlib.import_module(f"{domain}.figures").figures(documents)
            tell = importlib.import_module(f"{domain}.facts").facts
            facts += [f"{service} {fact}" for key, state in documents for fact in tell(key, state)]
        verdict = prove(books)
    parts["chassis"] = {"dead_letters": dead_letters(stack.env(), service_names())}
    report = ordered(merge(parts))
    return {**report, "conserved": verdict.conserved, "outcome": outcome(facts), **versions(stack)}, verdict


def versions(stack: Stack) -> dict[str, str]:
    """The releases of broker and database."""
    with MongoClient[dict[str, Any]](stack.mongodb) as client:
        mongodb: str = client.server_info()["version"]
    return {"kafka": VERSION, "mongodb": mongodb}
