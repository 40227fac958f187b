"""What was prepared is not made again when the first file comes."""

from typing import Any

import pytest

from schemas.x12 import Claims837P, Remittance835, read, write
from schemas.x12.catalogue import for_version
from schemas.x12.delimiters import Delimiters
from schemas.x12.readiness import prepare
from schemas.x12.records.base import Composed
from schemas.x12.structure import Structure
from schemas.x12.writer import compose, write_set
from tests.unit.x12.x12_examples import batch, claim, envelope, sound_payment


def test_after_preparation_the_first_set_compiles_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in (Claims837P, Remittance835):
        for_version(kind.VERSION, kind.SET_ID)._forget()
    prepare((Claims837P, Remittance835), Delimiters())
    compiled: list[str] = []

    def compiles(self: Structure, *_: Any) -> None:
        compiled.append(self.delimiters.element)

    monkeypatch.setattr(Structure, "unit", compiles)
    monkeypatch.setattr(Structure, "item", compiles)
    (found,) = read(write(envelope(sound_payment()), unchecked=True)).transactions()
    assert isinstance(found, Remittance835) and [one.pending for one in found.claims] == [True, True]
    whole = compose(batch(claim()))
    texts = ["~".join(whole.segments)] * 2
    assert write_set(Composed(kind=Claims837P, segments=whole.segments, texts=texts))[1] == []
    assert compiled == []
