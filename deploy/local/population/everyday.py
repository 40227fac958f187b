"""Plain encounters: patients who come again, a few lines each, nothing wrong with them."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from deploy.local.payers.draws import between, number, unit
from deploy.local.payers.model.payer import PayerModel
from deploy.local.population.base import plain_encounter
from deploy.local.population.catalogue import catalogue
from deploy.local.population.draft import Draft
from deploy.local.population.from_care import past_lines
from deploy.local.population.patients import Patient, patient
from deploy.local.population.plan import LAST_DAY
from deploy.local.population.repair import repaired
from deploy.local.population.rules import clean, denied

VISITS_A_PATIENT = 1.8
TRIES = 10


class Everyday:
    """Makes plain encounters of one payer; remembers what its patients have had."""

    def __init__(self, payer: PayerModel, seed: int, expected: int) -> None:
        self._payer, self._seed = payer, seed
        self._pool = max(1, round(expected / VISITS_A_PATIENT))
        self._had: dict[str, list[Draft]] = defaultdict(list)
        self._made = 0

    def make(self) -> Draft | None:
        """The next one; None where the payer pays for nothing that the practice does."""
        self._made += 1
        for step in range(TRIES):
            about = (self._seed, self._payer.payer_id, "everyday", self._made, step)
            fresh = step >= TRIES // 2
            name = f"new-{self._made}-{step}" if fresh else f"pool-{number('pool', *about) % self._pool}"
            draft = self._try(patient(self._payer, self._seed, name), *about)
            if draft is not None:
                self._had[draft.patient_number].append(draft)
                return draft
        return None

    def hopeless(self) -> Draft:
        """A sound encounter, whatever the payer will say of it: of one that denies or rejects everything."""
        about = (self._seed, self._payer.payer_id, "hopeless", self._made)
        who = patient(self._payer, self._seed, f"hopeless-{self._made}")
        return plain_encounter(who, (catalogue().draw(*about),), between(0, LAST_DAY, "day", *about), *about)

    def _try(self, who: Patient, *about: object) -> Draft | None:
        code = catalogue().draw(*about)
        wanted = catalogue().service(code).sex
        if wanted and who.person.sex != wanted:
            return None
        day = between(0, LAST_DAY, "day", *about)
        draft = repaired(plain_encounter(who, (code, *_beside(code, *about)), day, *about))
        if draft is None or self._clashes(draft):
            return None
        return draft

    def _clashes(self, draft: Draft) -> bool:
        """Whether this encounter would spoil an earlier one of the patient, or be spoilt by one."""
        earlier = self._had[draft.patient_number]
        days: set[date] = {other.service_date for other in earlier}
        if draft.service_date in days:
            return True
        history = tuple(line for other in earlier for line in past_lines(other))
        own = past_lines(draft)
        return not clean(draft, history) or any(denied(other, own) for other in earlier)


def _beside(code: str, *about: object) -> Iterator[str]:
    """What is done beside a visit: an electrocardiogram, laboratory tests."""
    if not code.startswith("992"):
        return
    for other, kind in catalogue().services.items():
        if kind.beside == "visit" and unit("beside", other, *about) < 0.14:
            yield other
