"""Policies: what a person who writes a fifth payer is told."""

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

import deploy.local.payers
from deploy.local.payers import PayerModel, PolicyError, load
from deploy.local.payers.loading import _models, load_file
from deploy.local.payers.model.base import CAUSES
from deploy.local.population.recipes import recipes
from deploy.local.simulation.plan import Plan, lay_out
from schemas.directory import load_directory, load_guides

MANUAL = (Path(deploy.local.payers.__file__).parent / "README.md").read_text("utf-8")
EXAMPLE = re.search(r"```yaml\n(.*?)```", MANUAL, re.DOTALL).group(1)  # type: ignore[union-attr]


def write(folder: Path, text: str, name: str = "acme.yaml") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def faults(path: Path) -> list[str]:
    with pytest.raises(PolicyError) as caught:
        load_file(path)
    return caught.value.faults


def test_the_shipped_payers_are_four_of_three_kinds_and_can_make_every_cause() -> None:
    payers = load()
    assert sorted(payer.published.kind for payer in payers) == ["commercial", "commercial", "medicaid", "medicare"]
    for payer in payers:
        assert [cause for cause, made in recipes(payer).items() if not made] == [], payer.payer_id
    assert set(recipes(payers[0])) == set(CAUSES)


def test_the_manuals_smallest_payer_is_usable(tmp_path: Path) -> None:
    payer = load_file(write(tmp_path, EXAMPLE))
    assert payer.payer_id == "ACME"
    assert payer.price.default_percent == 60


def fields(model: type[BaseModel], seen: set[type[BaseModel]]) -> set[str]:
    if model in seen:
        return set()
    seen.add(model)
    found = set(model.model_fields)
    for field in model.model_fields.values():
        for part in _models(field.annotation):
            found |= fields(part, seen)
    return found


def test_the_manual_names_every_key() -> None:
    unnamed = {name for name in fields(PayerModel, set()) if not re.search(rf"\b{name}\b", MANUAL)}
    assert not unnamed


LEVEL = "{level: 1, name: appeal, addressee: ACME APPEALS, days_to_file: 90, decision_days: 30}"


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        (("share: 10", "share: 10\nclock: {}"), "acme.yaml:9: clock: no such key; did you mean clocks?"),
        (("share: 10", "share: 10\nshare: 11"), "the key share stands twice"),
        (("share: 10", ""), "share: is missing"),
        (("share: 10", "share: ten"), "share: input should be a valid number"),
        (("AC#######", "AC######"), "members: id_template makes ids like AC777777, which id_pattern refuses"),
        (("share: 10", "share: 10\nrules: {units: [{id: mue, denial: {carc: 222}, most: []}]}"), "rules.units.0.most"),
        (
            ("share: 10", "share: 10\nrules:\n  excluded:\n    - {id: x_y, plans: [GOLD], denial: {carc: 96}}"),
            "no plan is named GOLD; plans under benefits: BASIC",
        ),
        (("share: 10", "share: [1"), "no YAML"),
        (("ACME HEALTH", "'ACME: HEALTH'"), "acme.yaml:1: published: name holds a character that ends an element"),
        (
            ("filing_days: 180", f"filing_days: 180\n  appeal_levels: [{LEVEL}, {LEVEL}]"),
            "published: appeal_levels names a level twice",
        ),
        (
            ("share: 10", "share: 10\nprice: {capitated: [99213, 99215-99202]}"),
            "acme.yaml:9: price.capitated.1: the range ends before it begins; exchange its ends",
        ),
        (
            ("share: 1,", "share: 1, deductible_cents: 100, deductible_by_year: {2026: 200},"),
            "deductible_cents stands beside deductible_by_year; keep one of them",
        ),
    ],
)
def test_a_fault_is_told_with_place_and_remedy(tmp_path: Path, change: tuple[str, str], wanted: str) -> None:
    assert any(wanted in fault for fault in faults(write(tmp_path, EXAMPLE.replace(*change))))


def test_codes_need_no_quotes(tmp_path: Path) -> None:
    rules = "rules:\n  places:\n    - {id: far, procedures: [99213], allowed: [02, 10], denial: {carc: 5}}\n"
    payer = load_file(write(tmp_path, EXAMPLE + rules))
    assert payer.rules.places[0].allowed == ("02", "10")
    assert payer.rules.places[0].procedures == ("99213",)


def test_all_faults_of_a_folder_come_at_once(tmp_path: Path) -> None:
    write(tmp_path, EXAMPLE)
    write(tmp_path, EXAMPLE, "again.yaml")
    write(tmp_path, EXAMPLE.replace("share: 10", "shore: 10"), "third.yaml")
    with pytest.raises(PolicyError) as caught:
        load(tmp_path)
    text = "\n".join(caught.value.faults)
    assert "again.yaml: published.payer_id: ACME is also in acme.yaml" in text
    assert "third.yaml:8: shore: no such key; did you mean share?" in text
    assert "third.yaml:1: share: is missing" in text


def test_an_empty_folder_is_no_set_of_payers(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="one YAML file a payer"):
        load(tmp_path)


@pytest.mark.parametrize("levels", [0, 9])
def test_references_that_have_no_end_are_refused(tmp_path: Path, levels: int) -> None:
    bomb = "a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n"
    bomb += "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, levels))
    (fault,) = faults(write(tmp_path, bomb if levels else "a: &a [*a]\n"))
    assert "references" in fault


GUIDE = """partner: ACME
set: "837"
version: 005010X222A1
source: ACME companion guide 3
rules: [{code: acme_rendering, loop: 2310B, segment: NM1*82, within: "2300", required: true, message: ACME wants NM1*82}]
"""


def test_a_companion_guide_is_found_beside_its_policy(tmp_path: Path) -> None:
    (tmp_path / "guides").mkdir()
    guide = write(tmp_path / "guides", GUIDE, "acme837.yaml")
    named = EXAMPLE.replace("  filing_days: 180\n", "  filing_days: 180\n  companion_guides: [guides/acme837.yaml]\n")
    payer = load_file(write(tmp_path, named))
    assert payer.published.companion_guides == (str(guide.resolve()),)
    assert len(load(tmp_path)) == 1, "a guide in a folder of its own is no payer"
    write(tmp_path / "guides", GUIDE.replace("2310B", "9999"), "acme837.yaml")
    (fault,) = faults(tmp_path / "acme.yaml")
    assert fault.startswith(
        f"{tmp_path}/acme.yaml:8: published.companion_guides: acme837.yaml: rule 1 (acme_rendering)"
    )


def test_the_state_folder_gets_the_companion_guides_too(tmp_path: Path) -> None:
    (tmp_path / "guides").mkdir()
    (tmp_path / "state").mkdir()
    write(tmp_path / "guides", GUIDE, "acme837.yaml")
    named = EXAMPLE.replace("  filing_days: 180\n", "  filing_days: 180\n  companion_guides: [guides/acme837.yaml]\n")
    payer = load_file(write(tmp_path, named))
    told = lay_out(tmp_path / "state", Plan(1, 1), (payer.published,))
    (tmp_path / "guides" / "acme837.yaml").unlink()
    path = Path(told["OVERTURN_DIRECTORY"])
    ((guide,),) = load_guides(load_directory(path), path.parent).values()
    assert guide.partner == "ACME"
