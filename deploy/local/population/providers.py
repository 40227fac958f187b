"""The practice's providers. Their NPIs begin with 2, a range from which none has been issued, with a right check digit."""

from deploy.local.population.catalogue import catalogue
from schemas.events.values import Provider


def check_digit(nine: str) -> str:
    """The NPI's last digit: Luhn over 80840 and the nine digits before it (45 CFR 162.406)."""
    total = 0
    for place, digit in enumerate(reversed("80840" + nine)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def npi(number: int) -> str:
    """The practice's NPI of this number."""
    nine = f"2{70_000_000 + number * 137:08d}"
    return nine + check_digit(nine)


BILLING = (
    Provider(
        npi=npi(1),
        name="Riverside Medical Group",
        tax_id="990000101",
        taxonomy="207Q00000X",
        line1="200 Riverside Parkway",
        city="Northfork",
        state="OH",
        postal_code="431000101",
    ),
    Provider(
        npi=npi(2),
        name="Riverside Specialty Center",
        tax_id="990000102",
        taxonomy="207X00000X",
        line1="240 Riverside Parkway",
        city="Northfork",
        state="OH",
        postal_code="431000102",
    ),
)
NAMES = {
    "general": ("Ostrell", "Vera"),
    "orthopaedics": ("Brandholt", "Owen"),
    "therapy": ("Calleystrom", "Tess"),
    "radiology": ("Neviquist", "Amos"),
    "gastroenterology": ("Pelorden", "Ruth"),
    "sleep": ("Jorancroft", "Dora"),
}
REFERRING = Provider(npi=npi(40), name="Daleyfield", first_name="Nell", taxonomy="207Q00000X")


def rendering(specialty: str) -> Provider:
    """The practice's provider of a specialty."""
    last, first = NAMES[specialty]
    place = list(NAMES).index(specialty)
    return Provider(npi=npi(10 + place), name=last, first_name=first, taxonomy=catalogue().specialties[specialty])


def billing(specialty: str) -> Provider:
    """Who bills for a specialty."""
    return BILLING[0] if specialty in ("general", "therapy") else BILLING[1]


def of_taxonomy(prefixes: tuple[str, ...]) -> Provider:
    """A provider whose taxonomy begins with one of the prefixes; a new one where the practice has none."""
    for specialty in NAMES:
        found = rendering(specialty)
        if any((found.taxonomy or "").startswith(prefix) for prefix in prefixes):
            return found
    taxonomy = (prefixes[0] + "00000000")[:9] + "X"
    return Provider(npi=npi(30), name="Hazelmont", first_name="Iris", taxonomy=taxonomy)
