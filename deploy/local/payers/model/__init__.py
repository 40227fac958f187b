"""What a payer's YAML may say, as pydantic models: a key that has no effect is an error."""
