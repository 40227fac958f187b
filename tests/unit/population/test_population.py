"""A population holds what a judge looks for, whatever the seed and whoever the payers are."""

import json
from collections import Counter
from pathlib import Path

import orjson
import pytest
from pydantic import ValidationError

from deploy.local.payers import PayerModel, load
from deploy.local.payers.deciding.members import read_members
from deploy.local.payers.model.base import CAUSES
from deploy.local.population import Population, build, write_hidden
from deploy.local.population.providers import check_digit
from schemas.events.partner import EncounterCancelled, EncounterSubmitted
from schemas.partner.envelope import PartnerEnvelope

SEEDS = (1, 2, 3, 5, 7, 11, 4711)
NEEDED = {
    "authorization_overlooked",
    "necessity_record_meets",
    "necessity_record_fails",
    "claim_data_corrected",
    "rejected_neglected",
    "rejected_corrected",
    "held_inactive",
    "held_npi",
    "held_member_id",
    "refused",
    "lost",
    "lost_once",
    "self_pay",
    "uncoded",
    "cancelled_early",
    "cancelled_late",
    "other_duplicate",
}


@pytest.fixture(scope="module")
def payers() -> list[PayerModel]:
    return load()


@pytest.fixture(scope="module")
def smallest(payers: list[PayerModel]) -> dict[int, Population]:
    return {seed: build(seed, 150, payers) for seed in SEEDS}


@pytest.mark.parametrize("seed", SEEDS)
def test_150_encounters_hold_every_cause_and_every_oddity(smallest: dict[int, Population], seed: int) -> None:
    population = smallest[seed]
    scenarios = Counter(entry.truth.scenario for entry in population.encounters)
    assert set(CAUSES) <= {entry.truth.cause for entry in population.encounters}
    assert not NEEDED - set(scenarios)
    assert len(population.encounters) == len({entry.number for entry in population.encounters}) == 150
    kinds = Counter(entry.kind for entry in population.publications)
    assert all(kinds[kind] for kind in ("poison", "repeat", "reused_id", "old_revision", "cancellation"))


@pytest.mark.parametrize("seed", SEEDS)
def test_what_must_have_consequences_comes_early(smallest: dict[int, Population], seed: int) -> None:
    for entry in smallest[seed].encounters:
        assert 0 <= entry.day <= 59
    telling = ("authorization_overlooked", "necessity_record_fails", "claim_data_corrected")
    early = {entry.truth.scenario for entry in smallest[seed].encounters if entry.day <= 20}
    assert set(telling) <= early


@pytest.mark.parametrize("seed", SEEDS)
def test_a_claim_is_denied_in_part(smallest: dict[int, Population], seed: int) -> None:
    parts = [
        entry
        for entry in smallest[seed].encounters
        if entry.truth.cause in ("claim_data", "coding", "necessity") and len(entry.event["data"]["lines"]) > 1
    ]
    assert parts


def test_the_mix_of_2000_is_near_the_index(payers: list[PayerModel]) -> None:
    population = build(3, 2000, payers)
    causes = Counter(entry.truth.cause for entry in population.encounters if entry.truth.cause in CAUSES)
    denied = sum(causes.values())
    assert 0.09 <= denied / 2000 <= 0.14
    assert abs(causes["registration"] / denied - 0.266) < 0.04
    assert abs(causes["authorization"] / denied - 0.116) < 0.03
    assert all(causes[cause] for cause in CAUSES)
    by_payer = Counter(entry.truth.payer_id for entry in population.encounters)
    assert abs(by_payer["MCARE"] / 2000 - 0.30) < 0.04


def test_the_same_seed_is_the_same_population_byte_for_byte(
    payers: list[PayerModel], smallest: dict[int, Population]
) -> None:
    again = build(7, 150, list(reversed(payers)))
    assert [entry.value for entry in again.publications] == [entry.value for entry in smallest[7].publications]
    assert again.members == smallest[7].members
    assert [entry.value for entry in again.publications] != [entry.value for entry in smallest[5].publications]


def test_events_keep_the_partner_contract_unless_they_are_to_be_refused(smallest: dict[int, Population]) -> None:
    refused = {entry.event_id for entry in smallest[7].encounters if entry.truth.scenario == "refused"}
    for publication in smallest[7].publications:
        if publication.kind == "poison":
            with pytest.raises(orjson.JSONDecodeError):
                orjson.loads(publication.value)
            continue
        envelope = PartnerEnvelope.model_validate_json(publication.value)
        assert publication.key == envelope.subject
        model = EncounterCancelled if publication.kind == "cancellation" else EncounterSubmitted
        if envelope.id in refused:
            with pytest.raises(ValidationError):
                model.model_validate(envelope.data)
        else:
            model.model_validate(envelope.data)
    for entry in smallest[7].encounters:
        for at, revision in enumerate(entry.revisions, 2):
            assert EncounterSubmitted.model_validate(revision["data"]).revision == at


def test_npis_have_their_check_digit_but_for_those_that_are_to_be_held(smallest: dict[int, Population]) -> None:
    for entry in smallest[7].encounters:
        npi = entry.event["data"]["rendering_provider"]["npi"]
        assert (npi[-1] == check_digit(npi[:9])) == (entry.truth.scenario != "held_npi")


def test_a_correction_is_the_next_revision_or_none(smallest: dict[int, Population]) -> None:
    population = smallest[7]
    for entry in population.encounters:
        answer = population.correction(entry.event_id)
        if entry.truth.corrects and entry.revisions:
            assert answer == entry.revisions[0]
            assert population.correction(entry.revisions[-1]["id"]) is None
        else:
            assert answer is None
    assert population.correction("nobody's") is None


def test_the_hidden_truth_is_for_the_simulator_and_for_judges(smallest: dict[int, Population], tmp_path: Path) -> None:
    write_hidden(smallest[7], tmp_path)
    members = read_members(tmp_path / "members.json")
    assert not members.open_enrolment
    for member in smallest[7].members:
        assert members.find(member.payer_id, member.member_id) == member
    truths = json.loads((tmp_path / "truth.json").read_text())["encounters"]
    assert len(truths) == 150
    assert {"scenario", "cause", "rule", "wins"} <= set(truths[0])
    assert read_members(tmp_path / "nothing.json").open_enrolment


FIFTH = """
published: {payer_id: ACME, name: ACME HEALTH, kind: commercial, filing_indicator: CI, interchange_id: ACMEHEALTH, filing_days: 90}
share: 1
members: {id_template: "AC#######", id_pattern: "^AC[0-9]{7}$", other_plan: {carc: 109, rarcs: [N418]}}
benefits: {plans: [{name: BASIC, share: 1, coinsurance: 0.2}]}
payments: {originator: "1990000099"}
"""
RULES = """
front_end:
  missing: [{id: fe_group, element: group_number, status: "A6:731"}]
rules:
  authorization: [{id: pa, procedures: [K0800-K0899], denial: {carc: 197}}]
  excluded: [{id: no_such_service, procedures: [Q0001], denial: {group: PR, carc: 96}}]
  diagnoses: [{id: policy, procedures: [E0100-E0999], covered: [S72], record_decides: true, denial: {carc: 50}}]
  modifiers: [{id: side, procedures: [L1800-L1900], needs: [RT, LT], denial: {carc: 4}}]
  units: [{id: many, most: {A4253: 3}, denial: {carc: 222}}]
"""


@pytest.mark.parametrize(("text", "wanted"), [(FIFTH, {"registration", "late", "other"}), (FIFTH + RULES, set())])
def test_payers_that_nobody_here_knows(tmp_path: Path, text: str, wanted: set[str]) -> None:
    (tmp_path / "acme.yaml").write_text(text)
    population = build(9, 150, load(tmp_path))
    causes = {entry.truth.cause for entry in population.encounters} - {""}
    wanted = wanted or {
        "registration",
        "late",
        "other",
        "authorization",
        "not_covered",
        "necessity",
        "claim_data",
        "coding",
        "rejected",
    }
    assert causes == wanted
    assert {entry.truth.payer_id for entry in population.encounters} <= {"ACME", ""}
    assert len(population.encounters) == 150


def test_a_small_population_is_just_smaller(payers: list[PayerModel]) -> None:
    for n in (1, 2, 10, 40):
        assert len(build(1, n, payers).encounters) == n
    with pytest.raises(ValueError, match="at least one"):
        build(1, 0, payers)


EVERYTHING = """
rules:
  excluded: [{id: all, denial: {carc: 96}}]
"""
NO_SCOPE = """
rules:
  frequency: [{id: once, times: 1, days: 365, denial: {carc: 119}}]
  global_periods: [{id: later, surgeries: [27447], days: 90, modifiers: [], denial: {carc: 97}}]
  bundles: [{id: pair, column_one: [99202-99215], modifiers: [], denial: {carc: 97}}]
  places: [{id: anywhere, allowed: ["11", "12", "22", "99"], denial: {carc: 5}}]
  units: [{id: none, most: {"97110": 0}, denial: {carc: 222}}]
"""


@pytest.mark.parametrize(
    "text", [FIFTH + EVERYTHING, FIFTH + NO_SCOPE], ids=["denies everything", "rules without scope"]
)
def test_a_policy_that_leaves_little_room_still_has_its_population(tmp_path: Path, text: str) -> None:
    (tmp_path / "acme.yaml").write_text(text)
    population = build(2, 12, load(tmp_path))
    assert len(population.encounters) == 12
    for encounter in population.encounters:
        if encounter.truth.scenario != "refused":
            EncounterSubmitted.model_validate(encounter.event["data"])
