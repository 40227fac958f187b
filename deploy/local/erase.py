"""Delete from a broker and a database that are not ours what one run made there: everything under its prefix."""

from typing import Any

from kafka import KafkaAdminClient
from pymongo import MongoClient


def erase_prefix(bootstrap: str | None, mongodb: str | None, prefix: str) -> None:
    """Delete the topics, consumer groups and databases whose name begins with prefix; None is left alone.

    Raises ValueError for a prefix under four characters, which could hit what others made.
    """
    if len(prefix) < 4:
        raise ValueError(f"prefix {prefix!r} is too short to delete by")
    if bootstrap is not None:
        _erase_broker(bootstrap, prefix)
    if mongodb is not None:
        client: MongoClient[dict[str, Any]] = MongoClient(mongodb)
        with client:
            for name in client.list_database_names():
                if name.startswith(prefix):
                    client.drop_database(name)


def _erase_broker(bootstrap: str, prefix: str) -> None:
    admin = KafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        topics = [name for name in admin.list_topics() if name.startswith(prefix)]
        if topics:
            admin.delete_topics(topics)
        groups = [name for name in (group["group_id"] for group in admin.list_groups()) if name.startswith(prefix)]
        if groups:
            admin.delete_groups(groups)
    finally:
        admin.close()
