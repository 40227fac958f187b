"""A payer's answers as X12: 271, 999, 277CA, 277, 835."""
