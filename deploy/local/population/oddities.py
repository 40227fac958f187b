"""Encounters that never become a denial: refused, held, rejected, self-pay, uncoded, cancelled, lost; and stray events."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from deploy.local.payers.deciding.members import OtherPayer, Span
from deploy.local.payers.draws import number
from deploy.local.population.from_members import everyday, other_coverage, with_member
from deploy.local.population.made import Made, Order

LOST_FOR_EVER = 99
Spoil = Callable[[dict[str, Any]], None]


def self_pay(order: Order) -> Made | None:
    """A patient without insurance."""
    good = everyday(order)
    return Made(good.but(insured=(), authorization="", referral=""), scenario="self_pay") if good else None


def uncoded(order: Order) -> Made | None:
    """A line that nobody has coded."""
    good = everyday(order)
    return Made(good.line(0, procedure="", modifiers=()), scenario="uncoded") if good else None


def cancelled_early(order: Order) -> Made | None:
    """Cancelled the day after, before a claim goes out."""
    good = everyday(order)
    return Made(good, scenario="cancelled_early") if good else None


def cancelled_late(order: Order) -> Made | None:
    """Cancelled weeks after the claim went out."""
    good = everyday(order)
    return Made(good, scenario="cancelled_late") if good else None


def held_npi(order: Order) -> Made | None:
    """The rendering provider's NPI has a wrong check digit; mended when asked."""
    good = everyday(order)
    if good is None:
        return None
    npi = good.rendering.npi
    wrong = npi[:-1] + str((int(npi[-1]) + 1) % 10)
    bad = good.but(rendering=good.rendering.model_copy(update={"npi": wrong}))
    return Made(bad, (good,), "held_npi", wins="correction")


def held_inactive(order: Order) -> Made | None:
    """The 271 says that coverage ended long ago; nobody has another insurance to offer."""
    good = everyday(order)
    if good is None:
        return None
    ends = good.service_date - timedelta(days=200)
    bad = with_member(good, spans=(Span(begins=ends - timedelta(days=900), ends=ends),))
    return Made(bad, (), "held_inactive", wins="nothing", corrects=False)


def held_member_id(order: Order) -> Made | None:
    """A typing error in the member id: the 271 finds nobody; mended when asked."""
    good = everyday(order)
    if good is None:
        return None
    cover = good.insured[0]
    swapped = _other_digit(cover.member_id)
    return Made(good.but(insured=(replace(cover, member_id=swapped),)), (good,), "held_member_id", wins="correction")


def held_other_payer(order: Order) -> Made | None:
    """The 271 names another payer that pays first; billed there when asked. Only of payers that tell."""
    good = everyday(order)
    if good is None or not order.payer.members.inquiry.tells_other_payer:
        return None
    mended = other_coverage(order, good)
    if mended is None:
        return None
    other = mended.insured[0]
    fact = OtherPayer(name=other.payer.published.name, payer_id=other.payer.payer_id, member_id=other.member_id)
    return Made(with_member(good, other_payer=fact), (mended,), "held_other_payer", wins="other_payer")


def _other_digit(text: str) -> str:
    at = max(place for place, mark in enumerate(text) if mark.isdigit()) if any(map(str.isdigit, text)) else 0
    mark = text[at]
    return text[:at] + (str((int(mark) + 5) % 10) if mark.isdigit() else "X") + text[at + 1 :]


def lost(order: Order) -> Made | None:
    """The payer loses the claim each time it comes."""
    good = everyday(order)
    return Made(good.fact(loses=LOST_FOR_EVER), scenario="lost", wins="nothing") if good else None


def lost_once(order: Order) -> Made | None:
    """The payer loses the claim; sent again it is paid."""
    good = everyday(order)
    return Made(good.fact(loses=1), scenario="lost_once", wins="resubmission") if good else None


def refused(order: Order) -> Made | None:
    """Content that the partner contract refuses."""
    good = everyday(order)
    return Made(good, scenario="refused") if good else None


def _negative_charge(data: dict[str, Any]) -> None:
    data["lines"][0]["charge_cents"] = -100


def _unknown_field(data: dict[str, Any]) -> None:
    data["ward"] = "7B"


def _birth_date(data: dict[str, Any]) -> None:
    data["patient"]["person"]["birth_date"] = "30.02.1960"


def _diagnosis(data: dict[str, Any]) -> None:
    data["diagnoses"][0] = "back pain"


def _wrong_type(data: dict[str, Any]) -> None:
    data["lines"][0]["units"] = "two"


def _no_patient(data: dict[str, Any]) -> None:
    del data["patient"]


SPOILS: tuple[Spoil, ...] = (_negative_charge, _unknown_field, _birth_date, _diagnosis, _wrong_type, _no_patient)


def spoil(data: dict[str, Any], *about: object) -> None:
    """Make an encounter's data break the contract."""
    SPOILS[number("spoil", *about) % len(SPOILS)](data)
