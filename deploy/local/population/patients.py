"""Patients with their memberships, as the payers' policies allow."""

from dataclasses import dataclass

from deploy.local.payers.deciding.members import Member
from deploy.local.payers.draws import happens, number, unit
from deploy.local.payers.model.money import Plan
from deploy.local.payers.model.payer import PayerModel
from deploy.local.population.draft import Insured, facts_of, open_span
from deploy.local.population.people import member_id, person
from schemas.events.values import Person

QMB_SHARE = 0.08
"""Of the members of a payer that protects qualified Medicare beneficiaries."""


@dataclass(frozen=True, slots=True)
class Patient:
    """Somebody whom the practice treats."""

    number: str
    person: Person
    guarantor_number: str
    guarantor: Person
    insured: Insured


def drawn_plan(payer: PayerModel, *about: object) -> Plan:
    """A plan by its share."""
    plans = payer.benefits.plans
    left = unit("plan", *about) * sum(plan.share for plan in plans)
    for plan in plans:
        left -= plan.share
        if left < 0:
            return plan
    return plans[-1]


def patient(
    payer: PayerModel, seed: int, name: str, *, plan: str = "", sex: str = "", age: tuple[int, int] | None = None
) -> Patient:
    """A patient of a payer; `name` tells them apart. One in eight is a child under a parent's membership."""
    about = (seed, payer.payer_id, name)
    medicare = payer.published.kind == "medicare"
    child = age is None and not plan and not medicare and unit("child", *about) < 0.12
    ages = age or ((5, 17) if child else (65, 90) if medicare else (19, 63))
    who = person(*about, sex=sex, age=ages)
    parent = person(*about, "parent", family=who.last_name, age=(28, 60)) if child else None
    holder = parent or who
    chosen = plan or drawn_plan(payer, *about).name
    member = Member(
        payer_id=payer.payer_id,
        member_id=member_id(payer.members.id_template, *about),
        plan=chosen,
        subscriber=facts_of(holder),
        persons=tuple(facts_of(one) for one in (holder, who) if one is not None)[: 2 if parent else 1],
        spans=open_span(),
        qmb=payer.members.protects_qmb and happens(QMB_SHARE, *about, "qmb"),
    )
    group = f"G{number('group', *about) % 90000 + 10000}" if payer.published.kind == "commercial" else None
    insured = Insured(
        payer=payer,
        member=member,
        member_id=member.member_id,
        group_number=group,
        relationship="child" if parent else "self",
        subscriber=parent,
    )
    code = f"P{number('patient', *about) % 10**9:09d}"
    owner = f"P{number('guarantor', *about) % 10**9:09d}" if parent else code
    return Patient(number=code, person=who, guarantor_number=owner, guarantor=holder, insured=insured)
