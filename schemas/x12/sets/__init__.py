"""One description a transaction set."""
