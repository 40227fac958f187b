"""All edits in the order in which the payer tries them."""

from collections.abc import Callable, Iterator

from deploy.local.payers.deciding import history_checks, line_checks, member_checks
from deploy.local.payers.deciding.context import Context, Finding

Check = Callable[[Context], Iterator[Finding]]

EDITS: tuple[Check, ...] = (
    member_checks.registration,
    member_checks.late,
    history_checks.duplicates,
    line_checks.retired,
    line_checks.unspecific,
    line_checks.missing,
    line_checks.modifiers,
    line_checks.places,
    line_checks.patients,
    line_checks.provider_types,
    line_checks.excluded,
    history_checks.authorization,
    line_checks.referral,
    line_checks.units,
    line_checks.bundles,
    history_checks.global_periods,
    history_checks.frequency,
    line_checks.diagnoses,
    line_checks.documents,
)


def findings(context: Context) -> dict[int, Finding]:
    """The finding that denies each line: the first that no appeal has set aside. Lines without one are payable."""
    found: dict[int, Finding] = {}
    for check in EDITS:
        for finding in check(context):
            control = context.claim.lines[finding.line].control
            if (control, finding.rule) not in context.waived:
                found.setdefault(finding.line, finding)
    return found
