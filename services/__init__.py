"""The services of Overturn, one package each, on one chassis."""
