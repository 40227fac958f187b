"""The decisions of triage: pure functions over the denials of one account."""
