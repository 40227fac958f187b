"""A payer's desk: its files, its claims, its agenda, one virtual day at a time."""
