"""Errors of the local stack; each says what is wrong, where to look, and what to do."""


class StackError(RuntimeError):
    """The stack, or one part of it, cannot run. The text names the place and the remedy."""
