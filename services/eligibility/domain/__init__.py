"""What eligibility decides: pure functions over models."""
