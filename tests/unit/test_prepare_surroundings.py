"""`python -m deploy.prepare` on volumes that are new, and on those that somebody has worked on."""

from pathlib import Path

import pytest

from deploy import prepare


@pytest.fixture
def volumes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    async def no_topics(*_: object, **__: object) -> list[str]:
        return []

    monkeypatch.setattr(prepare, "apply_topics", no_topics)
    for variable, value in {
        "OVERTURN_STATE": str(tmp_path / "state"),
        "OVERTURN_KEYS": str(tmp_path / "keys" / "keys.json"),
        "KAFKA_BOOTSTRAP_SERVERS": "kafka:9092",
        "MONGODB_URL": "mongodb://mongo:27017",
    }.items():
        monkeypatch.setenv(variable, value)
    return tmp_path


def test_one_key_file_is_made_and_it_is_the_named_one(volumes: Path) -> None:
    assert prepare.main() == 0
    assert [path.relative_to(volumes) for path in volumes.rglob("keys.json")] == [Path("keys/keys.json")]


def test_a_second_start_keeps_the_key_and_the_directory_that_somebody_edited(volumes: Path) -> None:
    prepare.main()
    directory, keys = volumes / "state" / "directory.yaml", volumes / "keys" / "keys.json"
    directory.write_text("payers: []\n")
    key = keys.read_text()
    assert prepare.main() == 0
    assert directory.read_text() == "payers: []\n"
    assert keys.read_text() == key
