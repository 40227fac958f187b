"""Failures inside the chassis that a handler never sees."""


class Conflict(Exception):
    """Somebody else wrote a document in between: load again and run again in place. Ordinary."""


class OutboxFull(Exception):
    """A document would hold more unpublished entries of one batch than allowed: the batch is cut and run in parts."""


class Superseded(Exception):
    """The group has a newer generation: this batch belongs to whoever owns the partition now."""
