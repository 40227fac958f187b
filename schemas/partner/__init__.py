"""The public contract with partners: envelope, rejection codes, and the JSON Schemas made from the event models."""
