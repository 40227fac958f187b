"""People who do not exist: names from syllables, addresses from made-up streets; everything a hash of the seed."""

from datetime import date, timedelta

from deploy.local.payers.draws import between, number, unit
from schemas.events.values import Address, Person

HEADS = (
    "Bre",
    "Cor",
    "Dal",
    "Ens",
    "Fal",
    "Gor",
    "Hal",
    "Jor",
    "Kel",
    "Lor",
    "Mar",
    "Nev",
    "Orl",
    "Pel",
    "Quin",
    "Ros",
)
MIDDLES = ("a", "e", "i", "o", "an", "en", "il", "or", "us", "ey")
TAILS = (
    "bach",
    "croft",
    "den",
    "field",
    "gard",
    "holt",
    "kin",
    "ley",
    "mont",
    "nard",
    "quist",
    "rell",
    "strom",
    "vane",
)
FIRST_F = (
    "Ada",
    "Beth",
    "Cora",
    "Dina",
    "Elsa",
    "Fern",
    "Gwen",
    "Hope",
    "Ines",
    "Joan",
    "Kate",
    "Lena",
    "Mina",
    "Nora",
)
FIRST_M = (
    "Abel",
    "Boyd",
    "Carl",
    "Dean",
    "Emil",
    "Ford",
    "Glen",
    "Hugo",
    "Ivan",
    "Joel",
    "Kurt",
    "Leon",
    "Milo",
    "Neil",
)
STREETS = ("Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Grove", "Hazel", "Ivy", "Juniper", "Larch", "Maple")
TOWNS = (
    ("Northfork", "OH", "43100"),
    ("Eastbrook", "PA", "17100"),
    ("Millhaven", "NY", "12900"),
    ("Stonebury", "OH", "44200"),
)
EPOCH = date(2026, 1, 5)


def last_name(*about: object) -> str:
    """A made-up family name."""
    draw = number("last", *about)
    head, draw = HEADS[draw % len(HEADS)], draw // len(HEADS)
    middle, draw = MIDDLES[draw % len(MIDDLES)], draw // len(MIDDLES)
    return head + middle + TAILS[draw % len(TAILS)]


def person(*about: object, family: str = "", age: tuple[int, int] = (19, 88), sex: str = "") -> Person:
    """A person drawn for `about`; `age` in years on day 0, both ends possible."""
    sex = sex or ("F" if unit("sex", *about) < 0.54 else "M")
    names = FIRST_F if sex == "F" else FIRST_M
    days = between(age[0] * 366, age[1] * 365 + 1, "born", *about)
    return Person(
        last_name=family or last_name(*about),
        first_name=names[number("first", *about) % len(names)],
        middle_name=None,
        birth_date=EPOCH - timedelta(days=days),
        sex=sex,
        address=address(*about),
    )


def address(*about: object) -> Address:
    """A made-up address."""
    town, state, zip_code = TOWNS[number("town", *about) % len(TOWNS)]
    street = STREETS[number("street", *about) % len(STREETS)]
    return Address(
        line1=f"{between(1, 1999, 'house', *about)} {street} Street", city=town, state=state, postal_code=zip_code
    )


def member_id(template: str, *about: object) -> str:
    """An id after a payer's template: `#` a digit, `@` a letter."""
    draw = number("member_id", *about)
    text = ""
    for place, mark in enumerate(template):
        if mark in "#@":
            symbols = "0123456789" if mark == "#" else "ACDEFGHJKMNPQRTUVWXY"
            text += symbols[number(draw, place) % len(symbols)]
        else:
            text += mark
    return text
