"""What was prepared is not made again when the first file comes."""

import pytest

from schemas.x12 import Claims837P, read, write
from schemas.x12.catalogue import for_version
from schemas.x12.delimiters import Delimiters
from schemas.x12.readiness import prepare
from schemas.x12.structure import Structure
from tests.unit.x12.x12_examples import batch, claim, envelope


def test_after_preparation_the_first_claim_compiles_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for_version(Claims837P.VERSION, Claims837P.SET_ID)._forget()
    prepare([Claims837P], Delimiters())
    monkeypatch.delattr(Structure, "unit")
    (found,) = read(write(envelope(batch(claim())))).transactions()
    assert isinstance(found, Claims837P)
    assert [one.pending for one in found.claims] == [True], "it did not pass quickly"
