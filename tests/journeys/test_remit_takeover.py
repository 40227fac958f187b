"""A billing company takes over old receivables: it posts remittances that others made, and sees where every cent went."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from kafka import KafkaProducer
from pymongo import MongoClient

from deploy.local.simulation.driver import DAY_ZERO, tick_envelope, tick_time
from deploy.local.simulation.subscriptions import CLOCK
from deploy.local.stack import Stack
from schemas.events.clock import Tick
from services.cli.books import Books, Place
from services.cli.reconcile import prove
from services.cli.remit_stack import serve
from tests.faults.cent_changer import amounts, one_cent_more
from tests.waiting import until

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
PENDED = "CLP*OLD 5*1*40*10**CI*PCN5~CAS*PI*133*30~NM1*QC*1*VELL*ADA****MI*MBR3~DTM*232*20250109"
TERMS = ("paid", "contractual", "patient", "denied", "prior_payer", "unanswered")
"""What `charged` is the sum of."""
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
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A running stack with the services that post; the commands find it by its folder."""
    with Stack(tmp_path_factory.mktemp("remit")) as running:
        serve(running)
        running.announce()
        yield running


@pytest.fixture(scope="module")
def state(stack: Stack) -> Path:
    return stack.state


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
    path.write_bytes(remittance(SOUND, DENIED, BROKEN, ESTIMATE, PENDED, amount="245", trace="J1", plb=plb))
    code, told = remit(path)
    assert code == 1
    assert (told["files"], told["payments"], told["payments_posted"]) == (1, 1, 1)
    assert {name: told[f"claims_{name}"] for name in ("posted", "parked", "repeated", "not_posted")} == {
        "posted": 3,
        "parked": 1,
        "repeated": 0,
        "not_posted": 1,
    }
    assert (told["denied"], told["denied_in_part"]) == (1, 1)
    cents = told["cents"]
    assert (cents["charged"], cents["paid"], cents["denied"]) == (38000, 19000, 11000)
    assert cents["unanswered"] == 3000, "what is under review"
    assert cents["charged"] == sum(cents[n] for n in TERMS)
    assert (cents["provider_level"], cents["unapplied"]) == (500, 5000)
    (parked,) = told["parked"]
    assert (parked["file"], parked["payment"], parked["claim"]) == (str(path), "J1", 3)
    assert parked["reason"].startswith("claim_out_of_balance") and parked["segment"].startswith("seg ")

    code, again = remit(path)
    assert code == 1, "what is still parked is reported parked"
    assert (again["payments_repeated"], again["claims_repeated"], again["claims_parked"]) == (1, 4, 1)
    assert not any(again["cents"].values())

    mended = tmp_path / "b.835"
    sound = BROKEN.replace("CAS*CO*45*10", "CAS*CO*45*20")
    mended.write_bytes(remittance(SOUND, DENIED, sound, ESTIMATE, PENDED, amount="245", trace="J1", plb=plb))
    code, put_right = remit(mended)
    assert code == 0
    assert (put_right["claims_posted"], put_right["claims_repeated"]) == (1, 4)
    assert (put_right["cents"]["charged"], put_right["cents"]["paid"]) == (7000, 5000)


def test_a_cent_more_of_a_payment_posted_parked_or_repeated_is_found(
    remit: Remit, stack: Stack, tmp_path: Path
) -> None:
    for name, file in (
        ("posted", remittance(SOUND, DENIED, BROKEN, amount="245", trace="J8")),
        ("parked", remittance(SOUND, amount="181", trace="J9")),
    ):
        (tmp_path / name).write_bytes(file)
        remit(tmp_path / name, client="cent")
    place = Place.of(stack.env())
    missed = []
    with Books(place) as books:
        assert prove(books).findings == ()
        for kind, amount in amounts(place).items():
            if amount.service not in ("clearinghouse", "remittance"):
                continue
            with one_cent_more(place, amount):
                if not prove(books).findings:
                    missed.append(kind)
    assert missed == []


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
    assert cents["charged"] == sum(cents[n] for n in TERMS)
    assert told["claims_not_posted"] == 1, "the estimate (CLP02 25)"


def test_an_answer_taken_back_and_not_corrected_is_proved_to_the_cent_and_has_an_owner(
    remit: Remit, stack: Stack, tmp_path: Path
) -> None:
    path, back, corrected = (tmp_path / name for name in ("answer.835", "back.835", "corrected.835"))
    taken = DENIED.replace("*4*90*", "*22*-90*").replace("CO*197*90", "CO*197*-90")
    path.write_bytes(remittance(DENIED, SOUND, amount="180", trace="J7"))
    back.write_bytes(remittance(taken, SOUND.replace("OLD 1", "OLD 9"), amount="180", trace="J8"))
    assert [remit(file, client="reversals")[0] for file in (path, back)] == [0, 0]
    midnight(stack, 1)
    with Books(Place.of(stack.env())) as books:
        until(lambda: not any(state["notes"] for state in triage(books).values()), 60, "triage's morning")
        ((account, held),) = [(key, state) for key, state in triage(books).items() if any_reversed(state)]
        claim_id = f"{account}01"
        assert reconciled(stack) == (0, [])
        (denial,) = held["claims"][claim_id]["denials"]
        assert [amount["cents"] for amount in denial["amounts"]] == [9000]
        for field in ("denials.0.amounts.0.cents", "denials.0.opened_cents", "paid"):
            with changed(stack, account, f"state.claims.{claim_id}.{field}"):
                code, found = reconciled(stack)
                assert (code, {entry["subject"] for entry in found}) == (1, {f"claim {claim_id}"})
        midnight(stack, 15)
        until(lambda: follow_up(books, account) is not None, 60, "staff own the claim")
        assert follow_up(books, account)["reason"] == "uncorrected"
        corrected.write_bytes(remittance(DENIED.replace("PCN2", "PCN5"), amount="0", trace="J9"))
        assert remit(corrected, client="reversals")[0] == 0
        midnight(stack, 16)
        until(lambda: follow_up(books, account) is None, 60, "the corrected answer ends it")


def test_the_books_balance_after_all_that(stack: Stack) -> None:
    assert reconciled(stack) == (0, [])


def reconciled(stack: Stack) -> tuple[int, list[dict[str, Any]]]:
    """Exit status and findings of `overturn reconcile`."""
    argv = [sys.executable, "-c", "from services.cli.main import app; app()", "reconcile", "--json"]
    env = {**os.environ, "OVERTURN_STATE": str(stack.state)}
    done = subprocess.run(argv, env=env, capture_output=True, text=True, timeout=180, check=False)
    return done.returncode, json.loads(done.stdout)["findings"]


def midnight(stack: Stack, days: int) -> None:
    """The tick of a day to come, to every partition."""
    number = (datetime.now(UTC).date() - DAY_ZERO).days + days
    producer = KafkaProducer(bootstrap_servers=stack.bootstrap)
    for partition in range(stack.partitions):
        value, stamp = orjson.dumps(tick_envelope(number)), int(tick_time(number).timestamp() * 1000)
        headers = [("ce_type", Tick.TYPE.encode())]
        producer.send(stack.prefix + CLOCK, value, b"clock", headers, partition, stamp)
    producer.close()


def triage(books: Books) -> dict[str, dict[str, Any]]:
    return {found["_id"]: found["state"] for found in books.stored("denial_triage", "denials")}


def any_reversed(state: dict[str, Any]) -> bool:
    return any(claim["reversed_at"] for claim in state["claims"].values())


def follow_up(books: Books, account: str) -> Any:
    (found,) = books.stored("claim_submission", "account", {"_id": account})
    return found["state"]["claims"][0]["follow_up"]


@contextmanager
def changed(stack: Stack, account: str, place: str) -> Iterator[None]:
    """One cent more in triage's store for as long as the block runs."""
    with MongoClient[dict[str, Any]](Place.of(stack.env()).mongodb) as client:
        documents = client[f"{stack.prefix}denial_triage"]["denials"]
        assert documents.update_one({"_id": account}, {"$inc": {place: 1}}).modified_count == 1
        try:
            yield
        finally:
            documents.update_one({"_id": account}, {"$inc": {place: -1}})


def is_remittance(path: Path) -> bool:
    if not path.is_file() or path.suffix in (".csv", ".json", ".md") or path.name in ("MANIFEST.md", "_SOURCE.txt"):
        return False
    content = path.read_bytes()
    return any(content.find(b"ST" + mark + b"835") >= 0 for mark in (b"*", b"|")) and "codes_as_json" not in str(path)
