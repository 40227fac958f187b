"""What every service stands on: batches, outbox, verdicts, timers, keys, metrics and health."""
