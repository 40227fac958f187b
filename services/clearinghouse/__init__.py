"""clearinghouse: the only service that talks to payers; it owns lanes and every byte in and out."""
