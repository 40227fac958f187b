"""What a biller sees of one season's claims: denied, mended, appealed, rejected, held, lost, cancelled."""

from typing import Any

import pytest

from tests.seasons import Season

pytestmark = pytest.mark.stack
State = dict[str, Any]


def claims(season: Season, *scenarios: str) -> list[State]:
    """The claims of the encounters that were made for these stories."""
    accounts = [season.account(one.number) for one in season.scenario(*scenarios)]
    found = [claim for key in accounts for claim in season.state("claim_submission", "account", key)["claims"]]
    assert found, "the season holds this story"
    return found


def denials(season: Season, claim: State) -> list[State]:
    state = season.state("denial_triage", "denials", claim["claim_id"][:16])
    found: list[State] = state["claims"][claim["claim_id"]]["denials"]
    return found


def appeals(season: Season, claim: State) -> list[State]:
    state = season.state("appeals", "appeals", claim["claim_id"][:16])
    return [entry for entry in state["appeals"] if entry["request"]["claim_id"] == claim["claim_id"]]


def sendings(claim: State) -> list[tuple[str, str]]:
    """CLM05-3 and the reason of every version."""
    return [(version["frequency"], version["cause"]) for version in claim["versions"]]


def words(claim: State) -> list[list[str]]:
    """What payers said of every version before any 835."""
    return [[word["verdict"] for word in version["words"]] for version in claim["versions"]]


CORRECTED = ("claim_data_corrected", "coding_corrected", "provider_corrected", "registration_terminated")


@pytest.mark.parametrize("scenario", CORRECTED)
def test_denied_then_corrected_then_nothing_is_denied(calm: Season, scenario: str) -> None:
    for claim in claims(calm, scenario):
        assert claim["first"]["result"] in ("denied", "denied_in_part")
        way = claim["ways"][0]["way"]
        assert sendings(claim) == [("1", "original"), ("7" if way == "replacement" else "1", way)]
        assert claim["balance"]["denied"] == claim["balance"]["written_off"] == 0
        (denial,) = denials(calm, claim)
        how = "recovered" if sum(denial["recovered"].values()) else "adjusted"
        assert (denial["closed"], denial["last_way"]) == (how, way)


def test_a_corrected_claim_brings_the_payers_money(calm: Season) -> None:
    mended = claims(calm, *CORRECTED)
    recovered = {c["claim_id"]: sum(d["recovered"]["correction"] for d in denials(calm, c)) for c in mended}
    assert sum(recovered.values()) == calm.report["cents"]["recovered_by_correction"] > 0
    assert all(claim["balance"]["payer_paid"] >= recovered[claim["claim_id"]] for claim in mended)


def test_medicare_takes_no_replacement(calm: Season) -> None:
    kinds = {v["payer_id"]: set() for c in claims(calm, *CORRECTED) for v in c["versions"]}
    for claim in claims(calm, *CORRECTED):
        for version in claim["versions"]:
            kinds[version["payer_id"]].add(version["frequency"])
    assert kinds["MCARE"] == {"1"}


@pytest.mark.parametrize(
    ("scenario", "carcs", "evidence"),
    [
        ("authorization_overlooked", {"197", "15", "198"}, "authorization_letter"),
        ("necessity_record_meets", {"50", "167", "151"}, "medical_record"),
        ("late_misdated", {"29"}, "payer_acceptance"),
    ],
)
def test_a_wrong_denial_is_appealed_with_its_proof_and_overturned(
    calm: Season, scenario: str, carcs: set[str], evidence: str
) -> None:
    overturned = 0
    for claim in claims(calm, scenario):
        (appeal,) = appeals(calm, claim)
        assert {amount["carc"] for amount in appeal["request"]["denied"]} <= carcs
        assert evidence in {document["kind"] for document in appeal["request"]["evidence"]}
        assert appeal["filed_on"] <= appeal["last_day"]
        if appeal["decision"] == "overturned":
            overturned += 1
            (denial,) = denials(calm, claim)
            assert denial["recovered"]["appeal"] > 0
            assert claim["balance"]["payer_paid"] > 0 and claim["balance"]["denied"] == 0
            assert len(claim["versions"]) == 1, "an appeal sends no claim"
    assert overturned >= 1


def test_documents_that_were_asked_for_are_sent_and_pay(calm: Season) -> None:
    for claim in claims(calm, "documents_at_hand"):
        (packet,) = appeals(calm, claim)
        (denial,) = denials(calm, claim)
        assert (packet["request"]["way"], packet["decision"]) == ("documents", "overturned")
        assert denial["recovered"]["documents"] == claim["balance"]["payer_paid"] > 0
        assert denial["recovered"]["appeal"] == 0, "documents are no appeal"


def test_what_the_record_does_not_support_is_upheld_and_written_off(calm: Season) -> None:
    for claim in claims(calm, "necessity_record_fails"):
        (appeal,) = appeals(calm, claim)
        assert appeal["decision"] == "upheld" or appeal["reason"] == "not_approved"
        (denial,) = denials(calm, claim)
        assert (denial["closed"], denial["last_way"]) == ("written_off", "write_off")
        assert claim["balance"]["written_off"] == claim["first"]["denied"]
        assert claim["balance"]["patient"] == 0, "the payer's contract forbids to bill the patient"


def test_what_is_not_covered_becomes_the_patients(calm: Season) -> None:
    for claim in claims(calm, "not_covered_excluded"):
        (denial,) = denials(calm, claim)
        assert (denial["category"], denial["closed"]) == ("not_covered", "billed_patient")
        assert claim["balance"]["patient"] == claim["first"]["denied"]


def test_rejected_then_corrected_then_accepted_and_paid(calm: Season) -> None:
    for claim in claims(calm, "rejected_corrected"):
        assert sendings(claim) == [("1", "original"), ("1", "resubmission")]
        assert "rejected" in words(claim)[0] and words(claim)[1] == ["accepted"]
        assert claim["first"]["result"] == "paid", "a rejection is no denial"
    assert not {c["claim_id"][:16] for c in claims(calm, "rejected_corrected")} & denied_accounts(calm)


def denied_accounts(season: Season) -> set[str]:
    events = season.events("denials.v1")
    return {event["subject"] for event in events if event["type"].startswith("overturn.denial.opened")}


def test_a_rejection_that_nobody_answers_stays_open(calm: Season) -> None:
    neglected = claims(calm, "rejected_neglected")
    for claim in neglected:
        assert words(claim) == [["rejected"]] and claim["first"] is None
        assert claim["balance"]["unanswered"] == claim["balance"]["charge"]
    assert calm.report["rejected_open"] == len(neglected) + 1, "and the one whose whole set a 999 refused"


def test_a_999_that_refuses_a_set_rejects_its_claims_and_is_no_denial(calm: Season) -> None:
    refused = [one for one in calm.population.encounters if carries(one.event, "90471", "HARBOR")]
    (claim,) = (
        claim
        for one in refused
        for claim in calm.state("claim_submission", "account", calm.account(one.number))["claims"]
    )
    (version,) = claim["versions"]
    assert [word["verdict"] for word in version["words"]] == ["rejected"]
    assert claim["first"] is None and claim["balance"]["unanswered"] == claim["balance"]["charge"]


def carries(event: State, procedure: str, payer: str) -> bool:
    data = event["data"]
    lines = {line["procedure"] for line in data["lines"]}
    return procedure in lines and payer in {coverage["payer_id"] for coverage in data["coverages"]}


@pytest.mark.parametrize("scenario", ["held_npi", "held_member_id"])
def test_held_before_sending_then_mended_and_paid_at_first_answer(calm: Season, scenario: str) -> None:
    for claim in claims(calm, scenario):
        (version,) = claim["versions"]
        assert version["revision"] == 2, "the revision with the fault never went out"
        assert claim["first"]["result"] == "paid"


def test_without_coverage_nothing_is_sent(calm: Season) -> None:
    for claim in claims(calm, "held_inactive"):
        assert claim["versions"] == [] and claim["scrubbed"]["edits"] == ["coverage_inactive"]
        assert claim["balance"]["unanswered"] == claim["balance"]["charge"]


def test_a_claim_that_the_payer_lost_is_asked_for_and_sent_again(calm: Season) -> None:
    for claim in claims(calm, "lost_once"):
        assert sendings(claim) == [("1", "original"), ("1", "resubmission")]
        assert words(claim)[0] == ["not_found"] and claim["versions"][0]["inquiries"] == 1
        assert claim["first"]["result"] == "paid"


def test_a_late_cancellation_voids_the_claim_and_an_early_one_sends_none(calm: Season) -> None:
    for claim in claims(calm, "cancelled_late"):
        assert sendings(claim) == [("1", "original"), ("8", "void")]
        assert claim["versions"][1]["replaces"]
    for one in calm.scenario("cancelled_early"):
        state = calm.state("claim_submission", "account", calm.account(one.number))
        assert [claim for claim in state.get("claims", ()) if claim["versions"]] == []
