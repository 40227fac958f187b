"""`overturn encounters validate`: each fault with file, line, pointer and remedy; exit status 0, 1, 2."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from schemas.events.partner import EncounterCancelled, EncounterSubmitted
from schemas.examples import example
from services.cli.encounter_files import read_events
from services.cli.encounters import app
from services.cli.json_places import lines_by_pointer

VALID, CANCELLED = example(EncounterSubmitted.TYPE), example(EncounterCancelled.TYPE)
INVALID = {**example(EncounterSubmitted.TYPE, "invalid"), "id": "evt-bad"}


def run(*arguments: object) -> Any:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def file(folder: Path, text: str, name: str = "events.json") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(VALID),
        json.dumps([VALID, CANCELLED], indent=2),
        "\n".join(map(json.dumps, (VALID, CANCELLED))) + "\n\n",
        "\ufeff" + json.dumps(VALID),
    ],
    ids=["object", "list", "ndjson", "byte order mark"],
)
def test_valid_files_in_every_form(tmp_path: Path, text: str) -> None:
    result = run("validate", file(tmp_path, text))
    assert result.exit_code == 0 and "0 invalid" in result.stdout


def test_a_fault_names_file_line_pointer_and_remedy(tmp_path: Path) -> None:
    text = json.dumps([VALID, INVALID], indent=1)
    path = file(tmp_path, text)
    wanted = text.split("\n").index('     "charge_cents": 185.5,') + 1
    result = run("validate", path)
    assert result.exit_code == 1
    assert f"{path}:{wanted}: /data/lines/0/charge_cents: wrong_type: send an integer" in result.stderr


def test_a_missing_field_names_the_line_of_what_lacks_it(tmp_path: Path) -> None:
    lacking = json.loads(json.dumps(VALID))
    del lacking["data"]["patient"]["person"]["last_name"]
    text = json.dumps(lacking, indent=1)
    result = run("validate", file(tmp_path, text), "--json")
    (fault,) = json.loads(result.stdout)["faults"]
    assert fault["path"] == "/data/patient/person/last_name"
    assert text.split("\n")[fault["line"] - 1].strip() == '"person": {'


def test_a_key_that_stands_twice_is_refused_as_on_the_wire(tmp_path: Path) -> None:
    text = json.dumps([CANCELLED, VALID], indent=1).replace(
        '"charge_cents": ', '"charge_cents": 1,\n "charge_cents": ', 1
    )
    path = file(tmp_path, text)
    wanted = next(n for n, row in enumerate(text.split("\n"), 1) if row.startswith(' "charge_cents"'))
    result = run("validate", path)
    assert result.exit_code == 1
    assert f"{path}:{wanted}: /data/lines/0/charge_cents: duplicate_key: name the key once" in result.stderr


def test_ndjson_faults_name_their_line(tmp_path: Path) -> None:
    path = file(tmp_path, "\n".join(map(json.dumps, (VALID, INVALID))))
    assert f"{path}:2: " in run("validate", path).stderr


def test_one_id_with_two_contents_is_seen_over_all_files(tmp_path: Path) -> None:
    again = {**VALID, "data": {**VALID["data"], "emergency": True}}
    one, same, other = (
        file(tmp_path, json.dumps(body), name) for body, name in ((VALID, "a"), (VALID, "b"), (again, "c"))
    )
    assert run("validate", one, same).exit_code == 0
    result = run("validate", one, other)
    assert result.exit_code == 1 and "id_reused" in result.stderr


def test_another_partners_event_is_refused(tmp_path: Path) -> None:
    result = run("validate", file(tmp_path, json.dumps(VALID)), "--partner", "lakeside")
    assert result.exit_code == 1 and "/source: wrong_partner" in result.stderr


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "holds no event"),
        (b"[]", "holds no event"),
        (b"\xff\xfe", "no UTF-8"),
        (b'{"a": 1,}', "mend the JSON there"),
        (b"[1]", "an event must be an object"),
        (b'[{"a": 1},', "cut off"),
        (b'{"a": NaN}', "bad.json:1: column 1: an event here holds NaN"),
        (b'[{"a": 1},\n {"a": 1e400}]', "bad.json:2: column 2: an event here holds 1e400"),
        (b'{"a": 1' + b"0" * 6000 + b"}", "holds a number of 6001 characters"),
        (b"[" * 100_000 + b"{" * 100_000, "mend the JSON"),
        (b'{"a":' * 100_000, "nested too deeply"),
    ],
    ids=[
        "empty",
        "empty list",
        "other encoding",
        "comma",
        "no object",
        "cut off",
        "NaN",
        "infinite",
        "endless",
        "brackets",
        "deep",
    ],
)
def test_an_unreadable_file_says_what_to_do(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "bad.json"
    path.write_bytes(content)
    result = run("validate", path)
    assert result.exit_code == 2 and str(path) in result.stderr and said in result.stderr


@pytest.mark.parametrize("depth", [100, 300, 600])
def test_an_event_nested_deeper_than_the_contract_is_told_by_its_line(tmp_path: Path, depth: int) -> None:
    path = tmp_path / "deep.json"
    path.write_text('\n{"type": ' + "[" * depth + "]" * depth + "}")
    result = run("validate", path)
    assert result.exit_code != 0 and f"{path}:2: " in result.stdout + result.stderr


def test_a_missing_file_and_a_missing_broker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("validate", tmp_path / "none.json").exit_code == 2
    monkeypatch.delenv("KAFKA_BOOTSTRAP_SERVERS", raising=False)
    monkeypatch.setenv("OVERTURN_STATE", str(tmp_path / "nowhere"))
    result = run("publish", file(tmp_path, json.dumps(VALID)))
    assert result.exit_code == 2 and "overturn up" in result.stderr


def test_nothing_is_published_when_anything_is_invalid(tmp_path: Path) -> None:
    path = file(tmp_path, json.dumps([VALID, INVALID]))
    result = run("publish", path, "--bootstrap", "127.0.0.1:1")
    assert result.exit_code == 1 and "0 published" in result.stdout


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(st.text(), JSON, max_size=4), st.sampled_from([None, 1]))
def test_every_part_has_a_line(value: Any, indent: int | None) -> None:
    def pointers(part: Any, at: str = "") -> set[str]:
        steps = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
        found = {at}
        for step, inner in steps:
            found |= pointers(inner, f"{at}/{str(step).replace('~', '~0').replace('/', '~1')}")
        return found

    text = json.dumps(value, indent=indent)
    lines = lines_by_pointer(text)
    assert set(lines) == pointers(value)
    assert lines[""] == 1 and max(lines.values()) <= text.count("\n") + 1


def test_events_keep_the_order_of_the_file(tmp_path: Path) -> None:
    bodies = [{**VALID, "id": f"e{number}"} for number in range(5)]
    found = read_events(file(tmp_path, json.dumps(bodies, indent=1)))
    assert [event.body["id"] for event in found] == ["e0", "e1", "e2", "e3", "e4"]
    assert sorted(event.line for event in found) == [event.line for event in found]


def test_half_a_character_is_told_with_its_place(tmp_path: Path) -> None:
    text = json.dumps([VALID, {**VALID, "id": "half \ud800"}], indent=1)
    path = file(tmp_path, text)
    result = run("validate", path)
    assert result.exit_code == 2 and result.exception.__class__ is SystemExit
    wanted = text.split("\n").index(" {", 2) + 1
    assert f"{path}:{wanted}: column 2: an event here holds half a character" in result.stderr


def test_a_file_of_many_lines_is_placed_in_one_pass() -> None:
    text = json.dumps({"lines": [{"units": number} for number in range(20_000)]}, indent=1)
    found = lines_by_pointer(text)
    assert text.split("\n")[found["/lines/19999/units"] - 1].strip() == '"units": 19999'
