"""Denials that hang on hidden facts of the member: coverage that ended, other payers, other names."""

from dataclasses import replace
from datetime import timedelta

from deploy.local.payers.deciding.members import OtherPayer, Span
from deploy.local.payers.draws import number
from deploy.local.population.catalogue import catalogue
from deploy.local.population.draft import Draft, Insured
from deploy.local.population.made import Made, Order, fresh
from deploy.local.population.patients import patient
from deploy.local.population.people import last_name, member_id
from deploy.local.population.repair import repaired
from deploy.local.population.rules import denied, refused
from deploy.local.population.times import DAY_ZERO

TRIES = 6
LEARNT_AFTER = 8
"""Days from arrival until the payer's 271 knows of a coverage that ended before the service."""


def everyday(order: Order) -> Draft | None:
    """A payable everyday encounter."""
    for step in range(TRIES):
        draft = fresh(order, (catalogue().draw(order.seed, order.name, step),))
        if draft is not None:
            return draft
    return None


def with_member(draft: Draft, **facts: object) -> Draft:
    """The draft with other hidden facts of its membership."""
    cover = draft.insured[0]
    return draft.but(insured=(replace(cover, member=cover.member.model_copy(update=facts)), *draft.insured[1:]))


def other_coverage(order: Order, draft: Draft) -> Draft | None:
    """The same care billed to the payer that covers the patient in truth; None where there is no other payer."""
    others = [payer for payer in order.payers if payer.payer_id != order.payer.payer_id]
    if not others:
        return None
    payer = others[number("other", order.seed, order.name) % len(others)]
    found = patient(payer, order.seed, f"{order.name}-other", age=(19, 63))
    cover: Insured = found.insured
    person = draft.person
    known = cover.member.model_copy(
        update={
            "subscriber": cover.member.subscriber.model_copy(update=_name(person)),
            "persons": (cover.member.subscriber.model_copy(update=_name(person)),),
        }
    )
    plain = draft.but(
        insured=(replace(cover, member=known, relationship="self", subscriber=None),),
        authorization="",
        granted=(),
        referral="",
        service=None,
    )
    return repaired(plain)


def _name(person: object) -> dict[str, object]:
    return {
        "last": getattr(person, "last_name", ""),
        "first": getattr(person, "first_name", ""),
        "birth_date": getattr(person, "birth_date", None),
        "sex": getattr(person, "sex", "U"),
    }


def retro_terminated(order: Order) -> Made | None:
    """The 271 says active; afterwards the payer learns that the coverage had ended before the service."""
    good = everyday(order)
    if good is None:
        return None
    ends = good.service_date - timedelta(days=3)
    known_on = DAY_ZERO + timedelta(days=order.day + LEARNT_AFTER)
    bad = with_member(good, spans=(Span(begins=ends - timedelta(days=700), ends=ends, known_on=known_on),))
    return _judged(order, bad, "terminated", other_coverage(order, bad) if number(order.name) % 2 else None)


def other_payer_first(order: Order) -> Made | None:
    """Another payer pays first, and only the payer knows."""
    good = everyday(order)
    if good is None or order.payer.members.other_payer_first is None or order.payer.members.inquiry.tells_other_payer:
        return None
    mended = other_coverage(order, good)
    other = mended.insured[0] if mended else None
    fact = OtherPayer(
        name=other.payer.published.name if other else "ANOTHER INSURER",
        payer_id=other.payer.payer_id if other else "OTHER",
        member_id=other.member_id if other else "UNKNOWN",
    )
    return _judged(order, with_member(good, other_payer=fact), "other_payer_first", mended)


def other_plan(order: Order) -> Made | None:
    """The member has moved to another payer's managed plan."""
    good = everyday(order)
    if good is None or order.payer.members.other_plan is None:
        return None
    return _judged(order, with_member(good, other_plan="MANAGED CARE"), "other_plan", other_coverage(order, good))


def wrong_name(order: Order) -> Made | None:
    """The front desk has the name from before a marriage; the 271 is found by id and birth date all the same."""
    rules = order.payer.members
    good = everyday(order)
    if good is None or rules.wrong_name is None or rules.inquiry.wrong_name is not None:
        return None
    if good.insured[0].relationship != "self":
        return None
    former = last_name(order.seed, order.name, "former")
    if former == good.person.last_name:
        return None
    person = good.person.model_copy(update={"last_name": former})
    return _judged(order, good.but(person=person, guarantor=person), "wrong_name", good)


def old_id(order: Order) -> Made | None:
    """The card shows the id from before a change; the 271 follows it, the claim does not."""
    good = everyday(order)
    if good is None or order.payer.members.old_id is None:
        return None
    former = member_id(order.payer.members.id_template, order.seed, order.name, "former")
    bad = with_member(good, former_id=former)
    kept = bad.insured[0]
    return _judged(order, bad.but(insured=(replace(kept, member_id=former),)), "old_id", bad)


def _judged(order: Order, bad: Draft, rule: str, mended: Draft | None) -> Made | None:
    if refused(bad) or {finding.rule for finding in denied(bad).values()} != {rule}:
        return None
    wins = "nothing" if mended is None else "correction" if mended.payer is order.payer else "other_payer"
    return Made(bad, (mended,) if mended else (), f"registration_{rule}", "registration", rule, wins)


RECIPES = (retro_terminated, other_payer_first, other_plan, wrong_name, old_id)
