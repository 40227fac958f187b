"""Which encounters a payer's policy can deny or reject, by cause: the list is read off its rules."""

from collections.abc import Iterable

from deploy.local.payers.model.payer import PayerModel
from deploy.local.population import from_care, from_members
from deploy.local.population.from_rules import Maker, corrected, neglected
from deploy.local.population.made import Made, Order, Recipe
from deploy.local.population.rules import Named, of_family

CLAIM_DATA = ("missing", "retired", "unspecific", "modifiers", "places", "patients")


def recipes(payer: PayerModel) -> dict[str, list[Recipe]]:
    """Recipes by cause, the most telling first; a cause that the rules do not offer has an empty list."""
    rules = payer.rules
    policies = [named for named in of_family(payer, "diagnoses") if named.rule.record_decides]
    plain = [named for named in of_family(payer, "diagnoses") if not named.rule.record_decides]
    found: dict[str, list[Recipe]] = {
        "registration": list(from_members.RECIPES),
        "claim_data": _each([*of_family(payer, *CLAIM_DATA), *plain], "claim_data", corrected, corrected, neglected),
        "authorization": _authorization(payer),
        "not_covered": _each(of_family(payer, "excluded"), "not_covered", from_care.excluded)
        + _each(of_family(payer, "frequency"), "not_covered", from_care.too_often),
        "documents": _each(
            of_family(payer, "documents"),
            "documents",
            from_care.with_record,
            from_care.with_record,
            from_care.without_record,
        ),
        "necessity": _each(
            policies, "necessity", from_care.record_meets, from_care.record_fails, from_care.better_diagnosis
        ),
        "late": [from_care.misdated, *([from_care.plan_limit] if rules.filing_limit.plans else [])],
        "coding": _coding(payer),
        "provider": _each(of_family(payer, "provider_types"), "provider", corrected, neglected),
        "other": [from_care.duplicate],
    }
    return {cause: found[cause] if payer.mix.causes.get(cause) else [] for cause in found}


def rejections(payer: PayerModel) -> dict[str, list[Recipe]]:
    """Recipes for claims that the front end turns away: `corrected` and `neglected`."""
    rules = list(of_family(payer, "missing", "retired", "unspecific", front=True))
    return {
        "corrected": _each(rules, "rejected", corrected),
        "neglected": _each(rules, "rejected", neglected),
    }


def _authorization(payer: PayerModel) -> list[Recipe]:
    rules = list(of_family(payer, "authorization"))
    wrong = [named for named in rules if named.rule.wrong_number]
    return [
        *_each(rules, "authorization", from_care.overlooked),
        *_each(rules, "authorization", corrected),
        *_each(wrong, "authorization", from_care.wrong_number),
        *_each(rules, "authorization", from_care.never_asked, from_care.emergency, from_care.used_up),
        *_each(of_family(payer, "referral"), "authorization", corrected),
    ]


def _coding(payer: PayerModel) -> list[Recipe]:
    bundles = list(of_family(payer, "bundles"))
    return [
        *_each((named for named in bundles if named.rule.indicator == 1), "coding", corrected),
        *_each(of_family(payer, "units"), "coding", corrected),
        *_each((named for named in bundles if named.rule.indicator == 0), "coding", from_care.never_paired),
        *_each(of_family(payer, "global_periods"), "coding", from_care.after_surgery),
    ]


def _each(rules: Iterable[Named], cause: str, *makers: Maker) -> list[Recipe]:
    """Every maker over every rule; makers take turns, so that neighbours in the list differ."""
    named = list(rules)
    return [_bound(maker, rule, cause) for maker in makers for rule in named]


def _bound(maker: Maker, rule: Named, cause: str) -> Recipe:
    def recipe(order: Order) -> Made | None:
        return maker(order, rule, cause)

    return recipe
