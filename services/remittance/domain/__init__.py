"""What remittance decides: pure functions over models."""
