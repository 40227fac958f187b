"""The encounters of (seed, N, payers) with their hidden truth."""

from deploy.local.population.build import build
from deploy.local.population.population import Encounter, Population, Publication, Truth, write_hidden

__all__ = ["Encounter", "Population", "Publication", "Truth", "build", "write_hidden"]
