"""Finds every amount in the stores of a stack, and changes one of them by a cent for as long as a test looks."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from pymongo import MongoClient

from services.cli.books import Books, Place

AMOUNTS = re.compile(
    r"(cents|charge|paid|patient|pending|prior_payer|denied|owed|applied|forgiven|bad_debt|self_pay|opened_cents"
    r"|claims_cents|payer_paid|contractual|next_payer|unanswered|written_off|prior_payer_unseen|overpaid"
    r"|correction|appeal|documents|otherwise)"
)
MAPS_OF_AMOUNTS = ("contractual", "asked")
"""Fields whose values are all cents, whatever the keys are."""
NAMES = re.compile(r"[A-Z2-7]{16}")
"""An account's id, of which a claim's begins with."""
Step = str | int


@dataclass(frozen=True, slots=True)
class Amount:
    """One amount in one document."""

    service: str
    collection: str
    key: str
    path: tuple[Step, ...]
    cents: int

    @property
    def kind(self) -> str:
        """The field, whatever the document and the position in it."""
        steps = ["[]" if isinstance(step, int) else step if _is_field(step) else "*" for step in self.path]
        return f"{self.service}.{self.collection}:" + ".".join(steps)


def amounts(where: Place) -> dict[str, Amount]:
    """One amount of every kind that any store holds, the largest."""
    found: dict[str, Amount] = {}
    with _client(where) as client:
        for service, collection, document in _documents(client, where.prefix):
            parts = {name: document[name] for name in ("state", "deliveries") if name in document}
            for path, cents in _amounts(parts, ()):
                amount = Amount(service, collection, document["_id"], path, cents)
                if amount.kind not in found or abs(found[amount.kind].cents) < abs(cents):
                    found[amount.kind] = amount
    return found


@contextmanager
def one_cent_more(where: Place, amount: Amount) -> Iterator[Mapping[str, Any]]:
    """The document with a cent more in one place; put right afterwards. Yields the document as it was."""
    with _client(where) as client:
        documents = client[where.prefix + amount.service][amount.collection]
        place = ".".join(map(str, amount.path))
        before = documents.find_one({"_id": amount.key})
        assert before is not None
        documents.update_one({"_id": amount.key}, {"$inc": {place: 1}})
        try:
            yield before
        finally:
            documents.update_one({"_id": amount.key}, {"$inc": {place: -1}})


def _client(where: Place) -> MongoClient[dict[str, Any]]:
    return MongoClient(where.mongodb)


def _documents(client: MongoClient[dict[str, Any]], prefix: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for name in sorted(client.list_database_names()):
        if name.startswith(prefix) and name not in ("admin", "config", "local"):
            for collection in sorted(client[name].list_collection_names()):
                for document in client[name][collection].find():
                    yield name.removeprefix(prefix), collection, document


def _amounts(value: Any, path: tuple[Step, ...]) -> Iterator[tuple[tuple[Step, ...], int]]:
    if isinstance(value, bool):
        return
    if isinstance(value, int):
        if AMOUNTS.fullmatch(str(path[-1])) or (len(path) > 1 and path[-2] in MAPS_OF_AMOUNTS):
            yield path, value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _amounts(inner, (*path, name))
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from _amounts(inner, (*path, at))


def _is_field(name: str) -> bool:
    return re.fullmatch(r"[a-z_]+", name) is not None


def claims_about(books: Books, amount: Amount, document: Mapping[str, Any]) -> set[str]:
    """The claims (or, where there is none, the account) that a changed document is about."""
    if amount.service == "clearinghouse" and amount.collection == "files":
        checks = {payment["check_id"] for d in document["deliveries"] for payment in d["payments"]}
        return {claim for check in checks for claim in _claims_of_check(books, check)}
    if amount.collection == "check":
        return set(_claims_of_check(books, amount.key))
    if amount.collection == "guarantor":
        return set(document["state"]["shares"])
    return {amount.key}


def _claims_of_check(books: Books, check: str) -> Iterator[str]:
    for found in books.stored("remittance", "check", {"_id": check}):
        yield from (place["claim_id"] for place in found["state"]["places"].values())


@contextmanager
def byte_changed(where: Place, books: Books, collection: str, pattern: bytes) -> Iterator[str]:
    """A digit of an amount in the stored bytes of a file changed, encrypted as before; yields the claim that it is of."""
    place, sealed, claim_id, changed = _changed(books, collection, re.compile(pattern))
    with _client(where) as client:
        chunks = client[where.prefix + "clearinghouse"]["chunks"]
        chunks.update_one({"_id": place}, {"$set": {"data": books.cipher.encrypt(changed, place.encode())}})
        try:
            yield claim_id
        finally:
            chunks.update_one({"_id": place}, {"$set": {"data": sealed}})


def _changed(books: Books, collection: str, pattern: re.Pattern[bytes]) -> tuple[str, bytes, str, bytes]:
    for manifest in books.stored("clearinghouse", collection):
        place = f"{manifest['_id']}:1"
        sealed = bytes(next(books.stored("clearinghouse", "chunks", {"_id": place}))["data"])
        content = books.cipher.decrypt(sealed, place.encode())
        found = pattern.search(content)
        if found is not None and int(found[2]):
            return place, sealed, found[1].decode(), _other_digit(content, found.end())
    raise AssertionError(f"no file of {collection} holds such an amount")


@contextmanager
def item_changed(where: Place, books: Books, kind: str, pattern: bytes) -> Iterator[str]:
    """A digit of an amount in the text of a lane's item changed, encrypted as before; yields the claim that it is of."""
    key, at, sealed, claim_id, changed = _changed_item(books, kind, re.compile(pattern))
    with _client(where) as client:
        lanes, place = client[where.prefix + "clearinghouse"]["lane"], f"state.items.{at}.phi"
        closed = books.cipher.encrypt(changed, f"Lane/{key}/{at}".encode())
        lanes.update_one({"_id": key}, {"$set": {place: closed}})
        try:
            yield claim_id
        finally:
            lanes.update_one({"_id": key}, {"$set": {place: sealed}})


def _changed_item(books: Books, kind: str, pattern: re.Pattern[bytes]) -> tuple[str, int, bytes, str, bytes]:
    for lane in books.stored("clearinghouse", "lane"):
        for at, item in enumerate(lane["state"]["items"]):
            sealed = bytes(item["phi"])
            content = books.cipher.decrypt(sealed, f"Lane/{lane['_id']}/{at}".encode())
            found = pattern.search(content) if item["kind"] == kind else None
            if found is not None and int(found[2]):
                return lane["_id"], at, sealed, found[1].decode(), _other_digit(content, found.end())
    raise AssertionError(f"no item of kind {kind} holds such an amount")


def _other_digit(content: bytes, end: int) -> bytes:
    digit = b"2" if content[end - 1 : end] == b"1" else b"1"
    return content[: end - 1] + digit + content[end:]
