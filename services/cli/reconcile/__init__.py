"""`overturn reconcile`: proves from independent records that no cent is lost (DESIGN §5). Imports no service's domain."""

from services.cli.reconcile.command import reconcile
from services.cli.reconcile.proofs import Verdict, prove

__all__ = ["Verdict", "prove", "reconcile"]
