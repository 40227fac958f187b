"""SNIP 7: a payer's companion guide narrows what the implementation guide allows; it is checked when it is loaded."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from schemas.x12 import Claims837P, Party, Reference, X12WriteError, write
from schemas.x12.companion import Guide, GuideError, load_guide
from schemas.x12.companion_check import examine
from services.cli.x12 import app
from tests.unit.x12.x12_examples import batch, claim, envelope, sound_payment, wire

HEAD = 'partner: ACME\nset: "837"\nversion: 005010X222A1\nsource: ACME companion guide 3.1\nrules:\n'
MESSAGE = "message: ACME wants it so; see section 4 of its guide"
RULES = {
    "acme_taxonomy": "loop: 2000A, segment: PRV, required: true",
    "acme_no_referral": "loop: 2300, segment: REF*9F, forbidden: true",
    "acme_frequency": 'loop: 2300, segment: CLM, element: 5, component: 3, values: ["1", "7"]',
    "acme_claim_id": 'loop: 2300, segment: CLM, element: 1, pattern: "A[0-9]+"',
    "acme_lines": "loop: 2400, segment: LX, most: 2",
    "acme_rendering": "loop: 2310B, segment: NM1*82, within: 2300, required: true",
    "acme_member_id": "loop: 2010BA, segment: NM1, element: 9, required: true",
}


def guide(folder: Path, *codes: str, severity: str = "error") -> Guide:
    """A guide of some of the rules, loaded from its file."""
    rules = [f"- {{code: {code}, {RULES[code]}, severity: {severity}, {MESSAGE!s}}}\n" for code in codes]
    path = folder / "acme.yaml"
    path.write_text(HEAD + "".join(f"  {rule}" for rule in rules).replace("; see", " - see"))
    return load_guide(path)


def sound() -> Claims837P:
    """Two claims that break none of the rules."""
    claims = [claim("A1"), claim("A2")]
    for item in claims:
        item.providers = [Party("82", "1", "WELBY", "MARCUS", id_qualifier="XX", id="1234567893")]
    return batch(*claims)


def broken(code: str) -> Claims837P:
    """The same, with the second claim breaking one rule."""
    sent = sound()
    last = sent.claims[1]
    if code == "acme_taxonomy":
        last.billing = replace(last.billing, taxonomy="")
    elif code == "acme_no_referral":
        last.references = [Reference("9F", "R1")]
    elif code == "acme_frequency":
        last.frequency, last.references = "8", [Reference("F8", "ICN1")]
    elif code == "acme_claim_id":
        last.claim_id = "B2"
    elif code == "acme_lines":
        sent.claims[1] = replace(claim("A2", 100, 200, 300), providers=last.providers)
    elif code == "acme_rendering":
        last.providers = []
    else:
        assert last.subscriber.person is not None
        person = replace(last.subscriber.person, id="", id_qualifier="")
        last.subscriber = replace(last.subscriber, person=person)
    return sent


@pytest.mark.parametrize("code", sorted(RULES))
def test_a_rule_finds_the_claim_that_breaks_it_and_no_other(tmp_path: Path, code: str) -> None:
    wanted = guide(tmp_path, *RULES)
    assert list(examine(write(envelope(sound())), wanted)) == []
    data = write(envelope(broken(code)), unchecked=True)
    [found] = examine(data, wanted, "out.837")
    assert (found.code, found.severity, found.snip, found.file) == (code, "error", 7, "out.837")
    second = [at for at, text in enumerate(data.decode().split("~"), 1) if text.startswith("HL*")][-2:]
    assert found.segment >= min(second)
    assert found.loop in RULES[code] and found.element[:2] in RULES[code]
    assert found.unit == ("transaction" if found.loop[:4] in ("2000", "2010") else "claim")


def test_the_writer_refuses_what_the_guide_does_not_allow(tmp_path: Path) -> None:
    wanted = guide(tmp_path, *RULES)
    assert write(envelope(sound()), companions=[wanted]) == write(envelope(sound()))
    with pytest.raises(X12WriteError, match="acme_rendering"):
        write(envelope(broken("acme_rendering")), companions=[wanted])
    lenient = guide(tmp_path, *RULES, severity="warning")
    assert write(envelope(broken("acme_rendering")), companions=[lenient])


def test_a_guide_says_nothing_about_other_sets(tmp_path: Path) -> None:
    wanted = guide(tmp_path, *RULES)
    assert list(examine(write(envelope(sound_payment())), wanted)) == []
    assert write(envelope(sound_payment()), companions=[wanted])


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ("code: acme_x, loop: 2399, segment: REF, required: true, MESSAGE", "no loop 2399"),
        ("code: acme_x, loop: 2300, segment: EB, required: true, MESSAGE", "no segment EB"),
        ("code: acme_x, loop: 2300, segment: CLM, element: 44, values: [x], MESSAGE", "element 44"),
        ('code: acme_x, loop: 2300, segment: CLM, element: 1, pattern: "(", MESSAGE', "regular expression"),
        ("code: acme_x, loop: 2300, segment: CLM, MESSAGE", "constrains nothing"),
        ("code: acme_x, loop: 2300, segment: CLM, values: [x], MESSAGE", "names no element"),
        ("code: acme_x, loop: 2300, segment: REF, forbidden: true, required: true, MESSAGE", "forbids and allows"),
        ("code: Acme X, loop: 2300, segment: REF, required: true, MESSAGE", "rules.1 (Acme X).code"),
        ("code: acme_x, loop: 2300, segment: REF, required: true", "rules.1 (acme_x).message"),
        ("code: acme_x, loop: 2300, segment: REF, needed: true, MESSAGE", "needed"),
        ("code: missing_segment, loop: 2300, segment: REF, required: true, MESSAGE", "the codec's own"),
    ],
)
def test_a_guide_that_cannot_be_right_is_refused_with_place_and_remedy(tmp_path: Path, rule: str, says: str) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(HEAD + "  - {" + rule.replace("MESSAGE", "message: ACME wants it so") + "}\n")
    with pytest.raises(GuideError, match="bad.yaml") as refused:
        load_guide(path)
    assert says in str(refused.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("rules: [", "no YAML"),
        ("just words", "the whole file"),
        (HEAD.replace("005010X222A1", "005010X999A1") + "  - {code: acme_x, loop: '2300', segment: CLM, forbidden: true, message: ACME wants it}\n", "name a version"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_guide_is_told(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(text)
    with pytest.raises(GuideError, match="bad.yaml") as refused:
        load_guide(path)
    assert says in str(refused.value)


def test_the_command_line_takes_a_guide(tmp_path: Path) -> None:
    guide(tmp_path, *RULES)
    file = tmp_path / "out.837"
    file.write_text(wire(broken("acme_lines")))
    plain = CliRunner().invoke(app, ["validate", str(file), "--json"])
    assert plain.exit_code == 0
    narrow = CliRunner().invoke(app, ["validate", str(file), "--json", "--companion", str(tmp_path / "acme.yaml")])
    assert narrow.exit_code == 1
    [found] = json.loads(narrow.stdout)["diagnostics"]
    assert (found["code"], found["snip"], found["loop"], found["element"]) == ("acme_lines", 7, "2400", "LX")
    absent = CliRunner().invoke(app, ["validate", str(file), "--companion", str(tmp_path / "none.yaml")])
    assert absent.exit_code == 2
