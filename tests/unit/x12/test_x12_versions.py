"""Every set and version that is promised: read as what it is, older ones and other errata with a diagnostic."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.x12 import Claims837P, Review278, TransactionSet, catalogue
from tests.unit.x12.x12_examples import batch, claim, reread, sound_payment, wire
from tests.unit.x12.x12_grammar import READ_ONLY, interchange

CURRENT = [
    ("270", "005010X279A1", "Inquiry270"),
    ("271", "005010X279A1", "Response271"),
    ("275", "005010X210", "AdditionalInformation275v5010"),
    ("275", "006020X314", "AdditionalInformation275"),
    ("276", "005010X212", "StatusRequest276"),
    ("277", "005010X212", "StatusResponse277"),
    ("277", "005010X213", "InformationRequest277v5010"),
    ("277", "006020X313", "InformationRequest277"),
    ("277", "005010X214", "ClaimAck277CA"),
    ("277", "005010X228", "PendingStatus277"),
    ("278", "005010X217", "Review278"),
    ("835", "005010X221A1", "Remittance835"),
    ("837", "005010X222A1", "Claims837P"),
    ("837", "005010X223A2", "Claims837I"),
    ("837", "005010X224A2", "Claims837D"),
    ("999", "005010X231A1", "Ack999"),
]
OTHER = [
    ("837", "005010X222", "Claims837P"),
    ("837", "005010X222A2", "Claims837P"),
    ("837", "004010X098A1", "Claims837P"),
    ("837", "004010X098", "Claims837P"),
    ("837", "005010X223", "Claims837I"),
    ("837", "005010X223A1", "Claims837I"),
    ("837", "005010X223A3", "Claims837I"),
    ("837", "004010X096A1", "Claims837I"),
    ("837", "005010X224A1", "Claims837D"),
    ("837", "005010X224A3", "Claims837D"),
    ("837", "004010X097A1", "Claims837D"),
    ("835", "005010X221", "Remittance835"),
    ("835", "004010X091A1", "Remittance835"),
    ("270", "005010X279", "Inquiry270"),
    ("270", "004010X092A1", "Inquiry270"),
    ("271", "005010X279", "Response271"),
    ("271", "004010X092A1", "Response271"),
    ("276", "004010X093A1", "StatusRequest276"),
    ("277", "004010X093A1", "StatusResponse277"),
    ("278", "004010X094A1", "Review278"),
    ("278", "004010X059", "Review278"),
    ("999", "005010X231", "Ack999"),
]


def found(set_id: str, version: str) -> TransactionSet:
    """An empty set of this kind and version, read."""
    text = f"GS*XX*A*B*20260105*1200*1*X*{version}~ST*{set_id}*0001~SE*2*0001~GE*1*1~"
    isa = f"ISA*00*{'':10}*00*{'':10}*ZZ*{'A':15}*ZZ*{'B':15}*260105*1200*^*00501*000000001*0*P*:~"
    [transaction] = reread(f"{isa}{text}IEA*1*000000001~").transactions()
    return transaction


@pytest.mark.parametrize(("set_id", "version", "kind"), CURRENT)
def test_every_set_is_read_as_itself_and_written_in_its_version(set_id: str, version: str, kind: str) -> None:
    transaction = found(set_id, version)
    assert (type(transaction).__name__, transaction.VERSION, transaction.version) == (kind, version, version)
    assert "other_version" not in {finding.code for finding in transaction.diagnostics}
    assert catalogue.for_version(version, set_id).description.version == version


@pytest.mark.parametrize(("set_id", "version", "kind"), OTHER)
def test_other_versions_are_read_and_named(set_id: str, version: str, kind: str) -> None:
    transaction = found(set_id, version)
    assert type(transaction).__name__ == kind
    [finding] = [item for item in transaction.diagnostics if item.code == "other_version"]
    assert (finding.severity, finding.element) == ("warning", "GS08")
    assert "unknown" not in finding.message


def test_a_version_nobody_knows_is_read_as_the_first_of_its_set() -> None:
    transaction = found("837", "007030X999")
    assert isinstance(transaction, Claims837P)
    assert "unknown version" in next(item.message for item in transaction.diagnostics if item.code == "other_version")


@pytest.mark.parametrize("version", ["005010X222", "005010X222A2", "004010X098A1", "007030X999"])
def test_claims_of_another_version_are_not_set_aside(version: str) -> None:
    [transaction] = reread(wire(batch(claim("A1"), claim("A2"))).replace("005010X222A1", version)).transactions()
    assert isinstance(transaction, Claims837P)
    assert [item.set_aside for item in transaction.claims] == [False, False]


def test_st03_counts_before_gs08() -> None:
    """GS08 A1 where ST03 says A2, or the other way round: the set's own word is taken, its claims stay."""
    text = wire(batch(claim("A1"))).replace("*X*005010X222A1~", "*X*005010X222A2~")
    [transaction] = reread(text).transactions()
    assert transaction.version == "005010X222A1"
    assert [item.code for item in transaction.diagnostics] == ["version_differs"]
    [payment] = reread(wire(sound_payment()).replace("005010X221A1", "005010X221A2")).transactions()
    assert payment.version == "005010X221A2"
    assert not payment.set_aside


@pytest.mark.parametrize("name", sorted(READ_ONLY))
@given(seed=st.integers(0, 2**32))
@settings(max_examples=12, deadline=None)
def test_what_is_only_read_is_read_whole(name: str, seed: int) -> None:
    text = interchange(name, seed)
    [transaction] = reread(text).transactions()
    assert isinstance(transaction, Review278)
    assert {finding.code for finding in transaction.diagnostics if finding.snip < 3} == {"other_version"}
    assert sum(item.category != "" for item in transaction.reviews) == text.count("~UM*")
