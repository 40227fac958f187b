"""The decisions of the clearinghouse: pure functions over records; no I/O, no clock, no randomness."""
