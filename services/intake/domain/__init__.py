"""What intake decides: pure functions over models."""
