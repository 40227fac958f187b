"""The overturn command."""
