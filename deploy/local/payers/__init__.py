"""Payers for tests and demos: they answer real X12 with real X12, by rules that are data (README.md)."""

from deploy.local.payers.loading import SHIPPED, PolicyError, judge_codes, load
from deploy.local.payers.model.payer import PayerModel

__all__ = ["SHIPPED", "PayerModel", "PolicyError", "judge_codes", "load"]
