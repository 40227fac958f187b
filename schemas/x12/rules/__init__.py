"""Rules that need more than one segment: situations (SNIP 4), codes by date of service (5), lines of service (6)."""
