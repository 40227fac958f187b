"""Which encounters a population of N holds: what must be there comes first and early, the rest fills up to the shares."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from deploy.local.payers.draws import between, number
from deploy.local.payers.model.base import CAUSES
from deploy.local.payers.model.payer import PayerModel
from deploy.local.population import oddities
from deploy.local.population.from_care import pair_gap
from deploy.local.population.made import Made, Order, Recipe
from deploy.local.population.recipes import recipes, rejections

LAST_DAY = 59
EARLY = 18
"""Rare scenarios arrive by this day, so that what follows from them happens in time."""
TELLING = ("authorization_overlooked", "necessity_record_meets", "necessity_record_fails", "claim_data_corrected")
"""Appeals that win, appeals that lose, corrections: each is made so often as TWICE says."""
TWICE = 2
BARREN = 6
"""A recipe for which a policy left no room so often in a row is not tried again."""
ODDITIES: tuple[tuple[Recipe, int, float], ...] = (
    (oddities.held_inactive, 1, 0.008),
    (oddities.refused, 2, 0.01),
    (oddities.lost, 1, 0.004),
    (oddities.self_pay, 2, 0.025),
    (oddities.held_npi, 1, 0.008),
    (oddities.held_member_id, 1, 0.012),
    (oddities.uncoded, 1, 0.008),
    (oddities.cancelled_early, 1, 0.006),
    (oddities.cancelled_late, 1, 0.004),
    (oddities.lost_once, 1, 0.004),
    (oddities.held_other_payer, 0, 0.005),
)
"""Recipe, how many at least, and the share of all encounters."""


@dataclass(slots=True)
class Ledger:
    """What has been made, by payer."""

    payers: tuple[PayerModel, ...]
    seed: int
    n: int
    made: list[Made] = field(default_factory=list)
    encounters: int = 0
    denied: Counter[str] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)
    causes: Counter[str] = field(default_factory=Counter)
    total: Counter[str] = field(default_factory=Counter)
    offers: dict[str, dict[str, list[Recipe]]] = field(default_factory=dict)
    turns: Counter[str] = field(default_factory=Counter)
    misses: Counter[tuple[str, int]] = field(default_factory=Counter)
    """How often in a row a payer's policy left no room for a recipe."""

    @property
    def room(self) -> int:
        """Encounters still to be made."""
        return self.n - self.encounters

    def share(self, payer: PayerModel) -> float:
        """The payer's part of all members."""
        return payer.share / sum(one.share for one in self.payers)

    def add(self, made: Made, payer: PayerModel) -> None:
        """Count an encounter, and the one before it."""
        self.made.append(made)
        count = 2 if made.before else 1
        self.encounters += count
        self.total[payer.payer_id] += count
        if made.cause == "rejected":
            self.rejected[payer.payer_id] += 1
        elif made.cause:
            self.denied[payer.payer_id] += 1
            self.causes[made.cause] += 1


def planned(seed: int, n: int, payers: tuple[PayerModel, ...]) -> Ledger:
    """Everything but the plain encounters."""
    ledger = Ledger(payers, seed, n)
    ledger.offers = {payer.payer_id: {**recipes(payer), **_rejecting(payer)} for payer in payers}
    for step in (_oddities_first, _telling_first, _causes_first, _rejections_first, _fill_denials, _fill_rest):
        step(ledger)
    return ledger


def _rejecting(payer: PayerModel) -> dict[str, list[Recipe]]:
    return {f"rejected_{how}": found for how, found in rejections(payer).items()}


def _oddities_first(ledger: Ledger) -> None:
    for recipe, least, _ in ODDITIES:
        for _ in range(least):
            _make(ledger, [recipe], _turn(ledger, "oddity", list(ledger.payers)), early=True)


def _causes_first(ledger: Ledger) -> None:
    for cause in (cause for cause in CAUSES if not ledger.causes[cause]):
        offering = [payer for payer in ledger.payers if ledger.offers[payer.payer_id][cause]]
        for payer in _rotated(ledger, cause, offering):
            if _make(ledger, ledger.offers[payer.payer_id][cause], payer, early=True):
                break


def _telling_first(ledger: Ledger) -> None:
    for _ in range(TWICE):
        for scenario in TELLING:
            _one_of(ledger, scenario)
    _one_of(ledger, "in_part")


def _one_of(ledger: Ledger, scenario: str) -> None:
    """One more encounter of a scenario, at the payer that is furthest behind; nothing where no payer offers it."""

    def fits(made: Made) -> bool:
        if scenario == "in_part":
            return made.before is None and len(made.first.lines) > 1 and made.cause not in ("registration", "late")
        return made.scenario == scenario

    for payer in _rotated(ledger, scenario, list(ledger.payers)):
        causes = (
            [scenario.split("_")[0], "claim_data"] if scenario != "in_part" else ["claim_data", "coding", "necessity"]
        )
        known = [recipe for cause in causes for recipe in ledger.offers[payer.payer_id].get(cause, [])]
        if _make(ledger, known, payer, early=True, wanted=fits):
            return


def _rejections_first(ledger: Ledger) -> None:
    for how in ("rejected_neglected", "rejected_corrected", "rejected_neglected", "rejected_corrected"):
        offering = [payer for payer in ledger.payers if ledger.offers[payer.payer_id][how]]
        for payer in _rotated(ledger, how, offering):
            if _make(ledger, ledger.offers[payer.payer_id][how], payer, early=True):
                break


def _fill_denials(ledger: Ledger) -> None:
    """Up to each payer's rates; causes by the greatest gap between the mix and what is there."""
    billed = ledger.n * 0.93
    for payer in ledger.payers:
        goal = round(billed * ledger.share(payer) * payer.mix.denial_rate)
        for _ in range(goal - ledger.denied[payer.payer_id]):
            _fill_one(ledger, payer)
        goal = round(billed * ledger.share(payer) * payer.mix.rejection_rate)
        for step in range(goal - ledger.rejected[payer.payer_id]):
            how = "rejected_neglected" if step % 4 == 3 else "rejected_corrected"
            if ledger.room > 0:
                _make(ledger, ledger.offers[payer.payer_id][how], payer)


def _fill_one(ledger: Ledger, payer: PayerModel) -> None:
    offers = ledger.offers[payer.payer_id]
    weights = {cause: weight for cause, weight in payer.mix.causes.items() if offers[cause]}
    done = sum(ledger.causes.values()) + 1
    whole = sum(weights.values())
    for cause in sorted(weights, key=lambda name: ledger.causes[name] - done * weights[name] / whole):
        if ledger.room < 2 or _make(ledger, offers[cause], payer):
            return


def _fill_rest(ledger: Ledger) -> None:
    for recipe, least, share in ODDITIES:
        for _ in range(round(ledger.n * share) - least):
            if ledger.room > 0:
                _make(ledger, [recipe], _turn(ledger, "oddity", list(ledger.payers)))


def _make(
    ledger: Ledger,
    known: list[Recipe],
    payer: PayerModel,
    *,
    early: bool = False,
    wanted: Callable[[Made], bool] = lambda made: True,
) -> bool:
    """Try recipes in turn until one makes what is wanted."""
    if ledger.room < 1:
        return False
    for at, recipe in _in_turn(ledger, payer, known):
        name = f"{payer.payer_id}-{len(ledger.made)}-{at}"
        order = Order(payer, ledger.seed, name, _day(ledger, name, early), ledger.payers)
        made = _in_time(recipe, order)
        barren = (payer.payer_id, id(recipe))
        ledger.misses[barren] = 0 if made else ledger.misses[barren] + 1
        if made and wanted(made) and ledger.room >= (2 if made.before else 1) and made.first.day <= LAST_DAY:
            ledger.add(made, payer)
            return True
    return False


def _in_turn(ledger: Ledger, payer: PayerModel, known: list[Recipe]) -> Iterator[tuple[int, Recipe]]:
    if not known:
        return
    key = f"{payer.payer_id}-{id(known[0])}"
    start = ledger.turns[key]
    ledger.turns[key] += 1
    for at in range(len(known)):
        recipe = known[(start + at) % len(known)]
        if ledger.misses[payer.payer_id, id(recipe)] < BARREN:
            yield at, recipe


def _day(ledger: Ledger, name: str, early: bool) -> int:
    return between(0, EARLY if early else LAST_DAY, "day", ledger.seed, name)


def _in_time(recipe: Recipe, order: Order) -> Made | None:
    """The encounter; made for an earlier day where its second claim would come after the last day."""
    made = recipe(order)
    room = LAST_DAY - pair_gap(order)
    if made is None or made.first.day <= LAST_DAY or room < 0:
        return made
    return recipe(replace(order, day=between(0, room, "pair", order.seed, order.name)))


def _rotated(ledger: Ledger, about: str, payers: list[PayerModel]) -> list[PayerModel]:
    """Payers by how far they are behind their own rate, seeds apart."""

    def behind(payer: PayerModel) -> tuple[float, int]:
        goal = ledger.share(payer) * max(0.01, payer.mix.denial_rate)
        return ledger.denied[payer.payer_id] / goal, number(ledger.seed, about, payer.payer_id)

    return sorted(payers, key=behind)


def _turn(ledger: Ledger, about: str, payers: list[PayerModel]) -> PayerModel:
    """The payer with the fewest encounters for its share."""
    return min(
        payers, key=lambda one: (ledger.total[one.payer_id] / one.share, number(ledger.seed, about, one.payer_id))
    )
