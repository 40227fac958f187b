"""Out: a day's claims lie at the payer's door the next midnight, once, whatever was killed or full on the way."""

import shutil
from pathlib import Path

import pytest

from deploy.local.stack import Stack
from schemas.events.payer_inbound import ClaimAcknowledged
from schemas.events.payer_outbound import BillPhi, ClaimBill
from schemas.x12 import Ack999, Claims837P, Group, Interchange, SetAck, read, write
from tests.integration.clearinghouse_kit import DAY, PAYER, PROFILE, House, days, house, until
from tests.unit.clearinghouse.conftest import ACCOUNT, MEMBER, PATIENT, make_bill

pytestmark = pytest.mark.stack
PHI = BillPhi(patient_number="P1", patient=PATIENT, members=(MEMBER,))
ACCOUNTS = [ACCOUNT[:-1] + letter for letter in "ABCDEFGHIJKL"]


def bills() -> list[ClaimBill]:
    return [make_bill(claim_id=f"{account}01") for account in ACCOUNTS]


async def carry(found: House, claims: list[ClaimBill]) -> None:
    for claim in claims:
        await found.publish(claim.claim_id[:16], claim, PHI, f"bill-{claim.claim_id}")


async def gathered(found: House, count: int) -> None:
    async def done() -> bool:
        lanes = [lane async for lane in found.database["lane"].find({})]
        return sum(len(lane["state"]["items"]) for lane in lanes) == count

    await until(done, "all claims are in lanes")


def sent_claims(paths: list[Path]) -> list[str]:
    found = [tx for path in paths for tx in read(path.read_bytes()).transactions()]
    assert all(isinstance(tx, Claims837P) for tx in found)
    return sorted(claim.claim_id for tx in found if isinstance(tx, Claims837P) for claim in tx.claims)


async def test_a_days_claims_go_out_at_midnight_and_a_refused_set_comes_back(
    stack: Stack, prefix: str, tmp_path: Path
) -> None:
    async with house(stack, prefix, tmp_path) as found:
        claims = bills()
        await carry(found, claims)
        await gathered(found, len(claims))
        assert not found.to_payer()
        await found.tick(days(1))
        await until(lambda: len(sent_claims(found.to_payer())) == len(claims), "all files at the door")
        paths = found.to_payer()
        assert sent_claims(paths) == sorted(claim.claim_id for claim in claims)
        await no_phi_at_rest(found)
        found.leave("r999.x12", refusal(paths[0]))
        refused = sent_claims(paths[:1])

        async def told() -> bool:
            return len(await found.events("payer.inbound.v1")) == len(refused)

        await until(told, "every claim of the refused set is told")
        answers = [data for _, data in (await found.events("payer.inbound.v1")).values()]
        assert all(isinstance(data, ClaimAcknowledged) and data.verdict == "rejected" for data in answers)
        assert sorted(data.claim_id for data in answers) == refused


@pytest.mark.parametrize(
    "points",
    ["after_temporary_file,after_temporary_file", "after_rename,after_rename:2", "after_write:2,half_published"],
)
async def test_a_kill_at_the_door_loses_and_doubles_nothing(
    stack: Stack, prefix: str, tmp_path: Path, points: str
) -> None:
    async with house(stack, prefix, tmp_path, OVERTURN_FAILPOINT=points) as found:
        claims = bills()
        await carry(found, claims)
        await found.tick(days(1))
        await until(lambda: found.restarts >= 1, "the worker died and came back")

        async def delivered() -> bool:
            sent = [file async for file in found.database["sent"].find({})]
            lanes = [lane async for lane in found.database["lane"].find({})]
            batches = sum(len(lane["state"]["batches"]) for lane in lanes)
            return bool(batches) and len(sent) == batches and all(file["delivered"] for file in sent)

        await until(delivered, "every file is at the door")
        await gathered(found, len(claims))
        await found.tick(days(2))
        await until(lambda: len(sent_claims(found.to_payer())) == len(claims), "all claims at the door")
        assert sent_claims(found.to_payer()) == sorted(claim.claim_id for claim in claims)
        assert not [path for path in found.to_payer() if path.name.startswith(".")]


async def test_a_door_that_is_away_holds_nothing_up(stack: Stack, prefix: str, tmp_path: Path) -> None:
    async with house(stack, prefix, tmp_path) as found:
        door = found.doors / PAYER / "to_payer"
        shutil.rmtree(door)
        door.write_text("no folder")
        claims = bills()
        await carry(found, claims[:6])
        await gathered(found, 6)
        await found.tick(days(1))
        for claim in claims[6:]:
            await found.publish(claim.claim_id[:16], claim, PHI, f"bill-{claim.claim_id}", days(1))
        await gathered(found, 12)
        door.unlink()
        door.mkdir()
        await found.tick(days(2))
        await until(lambda: len(sent_claims(found.to_payer())) == 12, "everything is delivered after all")


async def no_phi_at_rest(found: House) -> None:
    """Neither the lanes nor the kept files show a patient in clear."""
    for name in await found.database.list_collection_names():
        async for document in found.database[name].find({}):
            text = repr(document)
            assert "Tamblyn" not in text and "MBR0001234" not in text, name


def refusal(path: Path) -> bytes:
    """A 999 that refuses the first set of a file."""
    (interchange,) = read(path.read_bytes()).interchanges
    (group,) = interchange.groups
    answer = Ack999(
        functional_id="HC",
        group_control_number=group.control_number,
        group_version="005010X222A1",
        sets=[SetAck(set_control_number="0001", version="005010X222A1", code="R", reasons=("5",))],
        code="R",
        included=1,
        received=1,
        accepted=0,
    )
    back = Interchange(sender=PAYER, receiver="OVERTURN", control_number="000000001", date=DAY.date())
    back.groups = [Group(control_number="1", transactions=[answer])]
    return write(back)


async def test_what_a_companion_guide_refuses_stays_here_and_is_told_whatever_was_killed(
    stack: Stack, prefix: str, tmp_path: Path
) -> None:
    (tmp_path / "north.yaml").write_text(
        "partner: NORTHSTAR\nset: '837'\nversion: 005010X222A1\nsource: companion guide 2\nrules:\n"
        "- {code: northstar_office, loop: '2300', segment: CLM, element: 5, component: 1, values: ['11'],"
        " message: NORTHSTAR takes place 11 only}\n"
    )
    narrow = PROFILE.model_copy(update={"companion_guides": ("north.yaml",)})
    points = "after_write:2,after_temporary_file,half_published"
    async with house(stack, prefix, tmp_path, narrow, OVERTURN_FAILPOINT=points) as found:
        claims = bills()
        claims[3:5] = [claim.model_copy(update={"place_of_service": "22"}) for claim in claims[3:5]]
        await carry(found, claims)
        await gathered(found, len(claims))
        await found.tick(days(1))
        sound = sorted(claim.claim_id for claim in claims if claim.place_of_service == "11")
        await until(lambda: sent_claims(found.to_payer()) == sound, "all sound claims at the door")
        await found.tick(days(2))

        async def told() -> bool:
            return len(await found.events("payer.inbound.v1")) == 2

        await until(told, "the withheld claims are told")
        answers = [data for _, data in (await found.events("payer.inbound.v1")).values()]
        assert {data.claim_id for data in answers} == {claim.claim_id for claim in claims[3:5]}
        assert {(data.transaction, data.statuses) for data in answers} == {
            ("clearinghouse", ("companion:northstar_office",))
        }
        assert sent_claims(found.to_payer()) == sound
        assert found.restarts >= 2, "a fail point was not hit"
