"""A billing company takes over old receivables: it posts remittances that others made, and sees where every cent went."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from deploy.local.stack import Stack
from services.cli.remit_stack import serve

pytestmark = pytest.mark.stack
SAMPLES = Path(__file__).parents[2].parent / "shared" / "samples"
EXPECTED_PARKED = {
    "tertiary-payment.835",
    "sample1.txt",
    "sample2.txt",
    "835-example.txt",
    "835-example-2.txt",
    "sample_835.txt",
}
SOUND = "CLP*OLD 1*1*250*180*20*CI*PCN1*11*1~CAS*CO*45*30~CAS*PR*3*20~CAS*CO*16*20~NM1*QC*1*TAMBLYN*ORLA****MI*MBR1~DTM*232*20250105"
DENIED = "CLP*OLD 2*4*90*0**CI*PCN2~CAS*CO*197*90~NM1*QC*1*BRIN*TOM****MI*MBR2~DTM*232*20250106"
BROKEN = "CLP*OLD 3*1*70*50**CI*PCN3~CAS*CO*45*10~NM1*QC*1*VELL*ADA****MI*MBR3~DTM*232*20250107"
ESTIMATE = "CLP*OLD 4*25*60*0**CI*PCN4~CAS*CO*45*60~NM1*QC*1*VELL*ADA****MI*MBR3~DTM*232*20250108"
Remit = Callable[..., tuple[int, dict[str, Any]]]


def remittance(*claims: str, amount: str, trace: str, plb: str = "") -> bytes:
    text = (
        "ISA*00*          *00*          *ZZ*OLDPAYER       *ZZ*SOMEBODY       *250120*0900*^*00501*000000001*0*P*:~"
        "GS*HP*OLDPAYER*SOMEBODY*20250120*0900*1*X*005010X221A1~ST*835*0001~"
        f"BPR*I*{amount}*C*ACH*CCP*01*111000025*DA*1*1888888888**01*111000025*DA*2*20250120~TRN*1*{trace}*1888888888~"
        f"N1*PR*OLD PAYER~N1*PE*RIVERSIDE CLINIC*XX*1234567893~LX*1~{'~'.join(claims)}~{plb}"
    )
    return (text + f"SE*{text.count('~') - 1}*0001~GE*1*1~IEA*1*000000001~").encode()


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A running stack with the services that post; the commands find it by its folder."""
    folder = tmp_path_factory.mktemp("remit")
    with Stack(folder) as stack:
        serve(stack)
        stack.announce()
        yield folder


@pytest.fixture
def remit(state: Path) -> Remit:
    def run(*files: Path, client: str = "takeover") -> tuple[int, dict[str, Any]]:
        argv = [
            sys.executable,
            "-c",
            "from services.cli.main import app; app()",
            "remit",
            *map(str, files),
            "--client",
            client,
            "--json",
        ]
        env = {**os.environ, "OVERTURN_STATE": str(state)}
        done = subprocess.run(argv, env=env, capture_output=True, text=True, timeout=180, check=False)
        return done.returncode, json.loads(done.stdout) if done.stdout.strip() else {"error": done.stderr}

    return run


def test_every_cent_of_a_file_has_a_place(remit: Remit, tmp_path: Path) -> None:
    path = tmp_path / "a.835"
    plb = "PLB*1234567893*20251231*L6:X*-5~"
    path.write_bytes(remittance(SOUND, DENIED, BROKEN, ESTIMATE, amount="235", trace="J1", plb=plb))
    code, told = remit(path)
    assert code == 1
    assert (told["files"], told["payments"], told["payments_posted"]) == (1, 1, 1)
    assert {name: told[f"claims_{name}"] for name in ("posted", "parked", "repeated", "not_posted")} == {
        "posted": 2,
        "parked": 1,
        "repeated": 0,
        "not_posted": 1,
    }
    assert (told["denied"], told["denied_in_part"]) == (1, 1)
    cents = told["cents"]
    assert (cents["charged"], cents["paid"], cents["denied"]) == (34000, 18000, 11000)
    assert cents["charged"] == sum(cents[n] for n in ("paid", "contractual", "patient", "denied", "prior_payer"))
    assert (cents["provider_level"], cents["unapplied"]) == (500, 5000)
    (parked,) = told["parked"]
    assert (parked["file"], parked["payment"], parked["claim"]) == (str(path), "J1", 3)
    assert parked["reason"].startswith("claim_out_of_balance") and parked["segment"].startswith("seg ")

    code, again = remit(path)
    assert code == 1, "what is still parked is reported parked"
    assert (again["payments_repeated"], again["claims_repeated"], again["claims_parked"]) == (1, 3, 1)
    assert not any(again["cents"].values())

    mended = tmp_path / "b.835"
    sound = BROKEN.replace("CAS*CO*45*10", "CAS*CO*45*20")
    mended.write_bytes(remittance(SOUND, DENIED, sound, ESTIMATE, amount="235", trace="J1", plb=plb))
    code, put_right = remit(mended)
    assert code == 0
    assert (put_right["claims_posted"], put_right["claims_repeated"]) == (1, 3)
    assert (put_right["cents"]["charged"], put_right["cents"]["paid"]) == (7000, 5000)


def test_the_order_of_the_files_decides_which_is_the_repeat(remit: Remit, tmp_path: Path) -> None:
    names = ("z.835", "a.835")
    paths = [tmp_path / name for name in names]
    other = SOUND.replace("PCN1", "PCN9")
    paths[0].write_bytes(remittance(SOUND, amount="180", trace="J2"))
    paths[1].write_bytes(remittance(other, amount="180", trace="J2"))
    code, told = remit(*paths, client="acme")
    assert code == 1
    assert [entry["file"] for entry in told["parked"]] == [str(paths[1])]
    assert told["parked"][0]["reason"].startswith("same_check_differs")


def test_what_is_no_remittance_is_said_to_be_unreadable(remit: Remit, tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear Sir, the cheque is in the mail.")
    code, told = remit(path)
    assert code == 2
    (entry,) = told["parked"]
    assert entry["file"] == str(path) and entry["reason"].startswith("not_x12: ")


def test_a_file_that_is_not_there_posts_nothing(remit: Remit, tmp_path: Path) -> None:
    good = tmp_path / "good.835"
    good.write_bytes(remittance(SOUND, amount="180", trace="J3"))
    code, told = remit(good, tmp_path / "gone.835")
    assert code == 2 and "gone.835" in told["error"]
    code, told = remit(good)
    assert (code, told["payments_posted"]) == (0, 1)


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="../shared/samples is not there")
def test_public_samples_post_or_are_parked_for_their_own_reasons(remit: Remit) -> None:
    files = sorted(path for path in SAMPLES.rglob("*") if is_remittance(path))
    code, told = remit(*files, client="samples")
    assert code == 1
    assert told["files"] == len(files)
    assert {Path(entry["file"]).name for entry in told["parked"]} == EXPECTED_PARKED
    assert told["payments"] == sum(told[f"payments_{name}"] for name in ("posted", "parked", "repeated"))
    assert told["claims"] == sum(told[f"claims_{name}"] for name in ("posted", "parked", "repeated", "not_posted"))
    cents = told["cents"]
    assert cents["charged"] == sum(cents[n] for n in ("paid", "contractual", "patient", "denied", "prior_payer"))
    assert told["claims_not_posted"] == 1, "the estimate (CLP02 25)"


def test_the_books_balance_after_all_that(state: Path) -> None:
    argv = [sys.executable, "-c", "from services.cli.main import app; app()", "reconcile", "--json"]
    env = {**os.environ, "OVERTURN_STATE": str(state)}
    done = subprocess.run(argv, env=env, capture_output=True, text=True, timeout=180, check=False)
    assert (done.returncode, json.loads(done.stdout)["findings"]) == (0, [])


def is_remittance(path: Path) -> bool:
    if not path.is_file() or path.suffix in (".csv", ".json", ".md") or path.name in ("MANIFEST.md", "_SOURCE.txt"):
        return False
    content = path.read_bytes()
    return any(content.find(b"ST" + mark + b"835") >= 0 for mark in (b"*", b"|")) and "codes_as_json" not in str(path)
