"""The embedded stack: a real broker, a real database and every service, on one machine."""
