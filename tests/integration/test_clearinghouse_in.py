"""In: every file that a payer leaves is kept, read once, told once, and put away, whatever was killed on the way."""

import os
import signal
from pathlib import Path

import psutil
import pytest

from deploy.local.stack import Stack
from schemas.events.payer_inbound import AppealDecided, ClaimAnswered
from schemas.events.remittance import ClaimParked, PaymentReceived
from schemas.x12 import Ack999, read
from tests.integration.clearinghouse_kit import DAY, PAYER, House, days, house, until

pytestmark = pytest.mark.stack
INBOX = Path(PAYER) / "from_payer"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


def claim_ids(count: int) -> list[str]:
    return [f"ABCDEFGHIJKL{LETTERS[n // 1024]}{LETTERS[n // 32 % 32]}{LETTERS[n % 32]}A01" for n in range(count)]


def remittance(claims: list[str], *, trace: str = "T1", amount: int | None = None) -> bytes:
    """An 835 of one payment; every claim pays 10.00 of 15.00."""
    loops = [
        f"CLP*{claim}*1*15*10**CI*P{n}*11*1~CAS*CO*45*5~NM1*QC*1*TAMBLYN*ORLA****MI*MBR0001234~DTM*232*20260105"
        for n, claim in enumerate(claims)
    ]
    body = "~".join(loops)
    text = (
        "ISA*00*          *00*          *ZZ*NORTHSTAR      *ZZ*OVERTURN       *260109*0900*^*00501*000000001*0*P*:~"
        "GS*HP*NORTHSTAR*OVERTURN*20260109*0900*1*X*005010X221A1~ST*835*0001~"
        f"BPR*I*{10 * len(claims) if amount is None else amount}*C*ACH*CCP*01*111000025*DA*1*1999999999**01*111000025*DA*2*20260109~"
        f"TRN*1*{trace}*1999999999~N1*PR*NORTHSTAR HEALTH~N1*PE*RIVERSIDE CLINIC*XX*1234567893~LX*1~{body}~"
    )
    return (text + f"SE*{text.count('~') - 1}*0001~GE*1*1~IEA*1*000000001~").encode()


async def put_away(found: House, count: int, where: str = "archive", door: Path = INBOX) -> None:
    folder = found.doors / door / where
    await until(lambda: folder.is_dir() and len(list(folder.iterdir())) == count, f"{count} files in {where}")


async def test_a_remittance_is_told_once_and_a_copy_is_a_repeat(stack: Stack, prefix: str, tmp_path: Path) -> None:
    async with house(stack, prefix, tmp_path) as found:
        content = remittance(claim_ids(3))
        found.leave("a.835", content)
        await put_away(found, 1)
        found.leave("b.835", content)
        await put_away(found, 2)
        found.leave("c.835", content.replace(b"*15*10*", b"*15.00*10.0*"))
        await put_away(found, 3)
        told = await found.events("remittance.v1", "payer.inbound.v1")
        payments = [data for _, data in told.values() if isinstance(data, PaymentReceived)]
        assert sorted(payment.disposition for payment in payments) == ["posted", "repeated", "repeated"]
        answers = {key: data for key, data in told.values() if isinstance(data, ClaimAnswered)}
        assert sorted(answers) == sorted(claim[:16] for claim in claim_ids(3))
        assert await found.times("remittance.v1", "payer.inbound.v1") == {DAY.isoformat()}
        for name in await found.database.list_collection_names():
            async for document in found.database[name].find({}):
                assert b"TAMBLYN" not in repr(document).encode(), name


async def test_two_workers_read_no_file_twice(stack: Stack, prefix: str, tmp_path: Path) -> None:
    async with house(stack, prefix, tmp_path) as found:
        await found.join(1)
        await until(lambda: [len(owned) for owned in found.owned()] == [2, 2], "the partitions are shared out")
        doors = [f"takeover-{client}" for client in "abcdefgh"]
        for number, door in enumerate(doors):
            found.leave("a.835", remittance([f"OLD-{number}"], trace=f"T{number}"), door)
        for door in doors:
            await put_away(found, 1, door=Path(door) / "from_payer")
        topics = ("payer.inbound.v1", "remittance.v1")
        assert len(await found.events(*topics)) == 2 * len(doors)
        assert sum([await found.count(topic) for topic in topics]) == 2 * len(doors), "some event was written twice"


async def test_a_take_over_file_opens_accounts_of_its_client(stack: Stack, prefix: str, tmp_path: Path) -> None:
    async with house(stack, prefix, tmp_path) as found:
        content = remittance(["OLD-1", "OLD-2"]).replace(b"CAS*CO*45*5~", b"CAS*CO*45*6~", 1)
        found.leave("a.835", content, "takeover-acme")
        await put_away(found, 1, door=Path("takeover-acme") / "from_payer")
        told = [data for _, data in (await found.events("remittance.v1", "payer.inbound.v1")).values()]
        (answer,) = [data for data in told if isinstance(data, ClaimAnswered)]
        (parked,) = [data for data in told if isinstance(data, ClaimParked)]
        assert (answer.claim_id, answer.takeover_client) == (None, "acme")
        assert (parked.position, parked.reason) == (1, "claim_out_of_balance")


async def test_what_cannot_be_read_is_kept_and_put_aside(stack: Stack, prefix: str, tmp_path: Path) -> None:
    async with house(stack, prefix, tmp_path) as found:
        found.leave("a.835", b"\x00\xffnothing of ours")
        found.leave("b.decision.json", b'{"appeal_id": "A"}')
        found.leave("c.835", b"")
        (found.doors / INBOX / "d.835.part").write_bytes(b"ISA*half")
        found.leave("e.835", remittance(claim_ids(1)))
        letter = b'{"appeal_id": "A1", "claim_id": "%s", "decision": "upheld", "decided_on": "2026-01-09"}'
        found.leave("f.decision.json", letter % claim_ids(1)[0].encode())
        await put_away(found, 2)
        await put_away(found, 3, "unreadable")
        assert [path.name for path in (found.doors / INBOX).iterdir() if path.is_file()] == ["d.835.part"]
        files = [file async for file in found.database["files"].find({})]
        reasons = {file["deliveries"][0]["name"]: file["deliveries"][0]["reason"] for file in files}
        assert all(reasons[name] for name in ("a.835", "b.decision.json", "c.835"))
        assert await found.database["chunks"].count_documents({}) == 5
        told = [data for _, data in (await found.events("payer.inbound.v1")).values()]
        assert any(isinstance(data, AppealDecided) for data in told)


async def test_kills_while_a_file_is_read_lose_and_double_nothing(stack: Stack, prefix: str, tmp_path: Path) -> None:
    async with house(stack, prefix, tmp_path, OVERTURN_FAILPOINT="after_rename") as found:
        claims = claim_ids(2400)
        for number in range(4):
            mine = claims[number * 600 : number * 600 + 600]
            found.leave(f"{number}.835", remittance(mine, trace=f"T{number}"))

        async def some(count: int) -> bool:
            return await found.count("payer.inbound.v1") >= count

        for count in (1, 900, 1800):
            await until(lambda count=count: some(count), "answers appear")  # type: ignore[misc]
            kill(found.name, found)
        await put_away(found, 4)
        assert found.restarts >= 2, "kills may fall together, but not all of them"
        told = await found.events("payer.inbound.v1", "remittance.v1")
        answers = [data.claim_id for _, data in told.values() if isinstance(data, ClaimAnswered)]
        assert sorted(answers) == sorted(claims)
        payments = [data for _, data in told.values() if isinstance(data, PaymentReceived)]
        assert [payment.disposition for payment in payments] == ["posted"] * 4


def kill(name: str, found: House) -> None:
    """SIGKILL to the worker that runs now, found among our own children by its state folder."""
    for child in psutil.Process().children(recursive=True):
        try:
            ours = "services.clearinghouse" in child.cmdline() and child.environ().get("OVERTURN_STATE") == str(
                found.folder
            )
        except psutil.Error:
            continue
        if ours:
            os.kill(child.pid, signal.SIGKILL)


async def test_a_payer_that_wants_receipts_gets_each_once(stack: Stack, prefix: str, tmp_path: Path) -> None:
    async with house(stack, prefix, tmp_path, OVERTURN_FAILPOINT="after_write,after_temporary_file") as found:
        content = remittance(claim_ids(3)).replace(b"*0*P*:", b"*1*P*:")
        found.leave("a.835", content)
        found.leave("b.835", content)
        await put_away(found, 2)

        async def gathered() -> bool:
            lanes = [lane async for lane in found.database["lane"].find({})]
            return sum(len(lane["state"]["items"]) for lane in lanes) == 4

        await until(gathered, "a 999 and a TA1 of each file wait in a lane")
        await found.tick(days(1))
        await until(lambda: sum(map(receipts, found.to_payer())) == 4, "all receipts at the door")
        paths = found.to_payer()
        assert {path.suffix for path in paths} == {".999", ".TA1"}
        acks = [one for path in paths for one in read(path.read_bytes()).transactions()]
        assert [(one.functional_id, one.code) for one in acks if isinstance(one, Ack999)] == [("HP", "E")] * 2
        assert found.restarts >= 2, "a fail point was not hit"


def receipts(path: Path) -> int:
    """999s and TA1s in a file at the door; none while it has its temporary name."""
    if path.name.startswith("."):
        return 0
    reading = read(path.read_bytes())
    return len(list(reading.transactions())) + sum(len(interchange.acks) for interchange in reading.interchanges)
