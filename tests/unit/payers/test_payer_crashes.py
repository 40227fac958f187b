"""A payer that is killed anywhere sends the same files, each once."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from deploy.local.payers import PayerModel
from deploy.local.payers.deciding.members import Members, Service
from deploy.local.payers.doors import Door
from deploy.local.payers.simulator import Simulator, Surroundings
from schemas.x12 import Dated, EligibilityInquiry, EligibilityQuery, Group, Inquiry270, Interchange, Party, Trace, write

Make = Callable[..., Any]
FIRST = date(2026, 1, 14)
DAYS = 6


class Killed(BaseException):
    """The process ends here."""


def inquiry(number: int, day: date) -> bytes:
    subscriber = Party(
        "IL",
        "1",
        last="BRENMOTT",
        first="ADA",
        id_qualifier="MI",
        id="SHP123456789" if number % 3 else "SHP000000000",
        birth_date=date(1980, 5, 17),
        sex="F",
    )
    question = EligibilityInquiry(
        source=Party("PR", "2", last="SUMMIT", id_qualifier="PI", id="SUMMIT"),
        receiver=Party("1P", "2", last="RIVERSIDE", id_qualifier="XX", id="2700001375"),
        subscriber=subscriber,
        subscriber_traces=[Trace("1", f"TRACE{number}", "9OVERTURN0")],
        dates=[Dated("291", day)],
        queries=[EligibilityQuery(service_types=("30",))],
    )
    transaction = Inquiry270(reference_id=f"Q{number}", date=day, time="0000", subjects=[question])
    control = f"{number:09d}"
    return write(Interchange("OVERTURN", "SUMMITHP", control, date=day, groups=[Group(control, [transaction])]))


class Killer:
    """Ends the process at the n-th passing of any of the marked steps; then lets everything pass."""

    def __init__(self, at: int) -> None:
        self.left = at

    def around(self, step: Callable[..., Any], *, after: bool) -> Callable[..., Any]:
        def marked(*arguments: Any) -> Any:
            self.left -= 1
            if self.left == 0 and not after:
                raise Killed
            result = step(*arguments)
            if self.left == 0:
                self.left = -1
                raise Killed
            return result

        return marked


def run(root: Path, payer: PayerModel, members: Members, at: int, after: bool) -> dict[str, bytes]:
    """Files by name after some days in which the payer was killed once."""
    where = Surroundings(root, root / "doors", root, seed=1)
    door = root / "doors" / payer.payer_id
    killer = Killer(at)
    seen: dict[str, bytes] = {}
    with pytest.MonkeyPatch.context() as patch:
        for owner, name in ((Door, "archive"), (Door, "leave")):
            patch.setattr(owner, name, killer.around(getattr(owner, name), after=after))
        simulator = Simulator([payer], members, where)
        for number in range(DAYS):
            day = FIRST + timedelta(days=number)
            (door / "to_payer" / f"{number:09d}.270").write_bytes(inquiry(number, day))
            for step, arguments in (("pick_up", ()), ("tick", (day,))):
                try:
                    getattr(simulator, step)(*arguments)
                except Killed:
                    simulator.close()
                    simulator = Simulator([payer], members, where)
                    getattr(simulator, step)(*arguments)
            for path in (door / "from_payer").iterdir():
                if path.is_file():
                    assert path.name not in seen, "an answer came twice"
                    seen[path.name] = path.read_bytes()
                    path.rename(path.parent / "archive" / path.name)
        simulator.close()
    return seen


@pytest.mark.parametrize("after", [False, True])
def test_killed_at_any_step_the_answers_are_the_same(
    payers: dict[str, PayerModel], make_member: Make, tmp_path: Path, after: bool
) -> None:
    members = Members([make_member(services=(Service(service_date=FIRST),))])
    calm = run(tmp_path / "calm", payers["SUMMIT"], members, 10_000, after)
    assert len(calm) == DAYS - 1
    for at in range(1, 2 * DAYS):
        assert run(tmp_path / f"killed-{at}", payers["SUMMIT"], members, at, after) == calm
