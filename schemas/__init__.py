"""The contracts of Overturn: events, X12 and code sets. Pure data; imports nothing from services."""
