"""The simulator's state: one SQLite file for all payers, one transaction a tick.

What leaves a payer lies in `outgoing` from the commit of its tick until it is at the door, so a kill at any point
loses nothing and makes nothing twice.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from deploy.local.payers.answers.files import AnswerFile
from deploy.local.payers.deciding.claim import ClaimFacts
from deploy.local.payers.deciding.decision import Decision

WAITING, ANSWERED, TAKEN_BACK, LOST, REJECTED, VOID = "waiting", "answered", "taken_back", "lost", "rejected", "void"
SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS inbox (
  payer TEXT, name TEXT, kind TEXT, dated TEXT, content BLOB, done INTEGER DEFAULT 0, PRIMARY KEY (payer, name));
CREATE TABLE IF NOT EXISTS claims (
  id INTEGER PRIMARY KEY, payer TEXT, claim_id TEXT, state TEXT, received_on TEXT, due_on TEXT, control TEXT,
  member_key TEXT, service_date TEXT, status TEXT, facts TEXT, decision TEXT, sent TEXT, decided_on TEXT, waived TEXT);
CREATE INDEX IF NOT EXISTS claims_by_number ON claims (payer, claim_id);
CREATE INDEX IF NOT EXISTS claims_by_control ON claims (payer, control);
CREATE INDEX IF NOT EXISTS claims_by_member ON claims (payer, member_key, state);
CREATE INDEX IF NOT EXISTS claims_due ON claims (payer, state, due_on);
CREATE TABLE IF NOT EXISTS agenda (id INTEGER PRIMARY KEY, payer TEXT, due_on TEXT, kind TEXT, body TEXT);
CREATE INDEX IF NOT EXISTS agenda_due ON agenda (payer, kind, due_on);
CREATE TABLE IF NOT EXISTS appeals (
  appeal_id TEXT, payer TEXT, claim_id TEXT, level INTEGER, decision TEXT, decided_on TEXT,
  PRIMARY KEY (payer, appeal_id));
CREATE TABLE IF NOT EXISTS carried (payer TEXT, npi TEXT, cents INTEGER, PRIMARY KEY (payer, npi));
CREATE TABLE IF NOT EXISTS receipts (
  payer TEXT, kind TEXT, control INTEGER, wanted INTEGER, got INTEGER DEFAULT 0, codes TEXT DEFAULT '',
  PRIMARY KEY (payer, kind, control));
CREATE TABLE IF NOT EXISTS complaints (payer TEXT, day TEXT, about TEXT);
CREATE TABLE IF NOT EXISTS outgoing (id INTEGER PRIMARY KEY, payer TEXT, name TEXT, content BLOB);
"""


@dataclass(frozen=True, slots=True)
class InboxFile:
    """One file that we sent to a payer, as it came."""

    name: str
    kind: str
    dated: date
    content: bytes


@dataclass(frozen=True, slots=True)
class Row:
    """One reception of a claim and what became of it. `waived`: (line control, rule) set aside by appeals."""

    id: int
    claim_id: str
    state: str
    received_on: date
    due_on: date
    control: str
    member_key: str
    status: str
    facts: ClaimFacts
    decision: Decision | None
    sent: Decision | None
    decided_on: date | None
    waived: frozenset[tuple[str, str]]


class Store:
    """SQLite behind the desks; use inside `transaction()` to change anything."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.executescript(SCHEMA)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def get(self, key: str) -> str | None:
        """A remembered value."""
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None

    def put(self, key: str, value: str) -> None:
        """Remember a value."""
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def keep(self, payer: str, file: InboxFile) -> None:
        """Take a file in; one that is there already stays as it is."""
        self._db.execute(
            "INSERT OR IGNORE INTO inbox (payer, name, kind, dated, content) VALUES (?, ?, ?, ?, ?)",
            (payer, file.name, file.kind, file.dated.isoformat(), file.content),
        )

    def unread(self, payer: str, before: date) -> list[InboxFile]:
        """Files dated before a day that have not been worked on, by name."""
        rows = self._db.execute(
            "SELECT name, kind, dated, content FROM inbox WHERE payer = ? AND done = 0 AND dated < ? ORDER BY name",
            (payer, before.isoformat()),
        ).fetchall()
        return [InboxFile(name, kind, date.fromisoformat(dated), content) for name, kind, dated, content in rows]

    def done(self, payer: str, name: str) -> None:
        """A file has been worked on; its bytes are not needed any more."""
        self._db.execute("UPDATE inbox SET done = 1, content = x'' WHERE payer = ? AND name = ?", (payer, name))

    def schedule(self, payer: str, due_on: date, kind: str, body: Any) -> None:
        """Something to do on a day."""
        self._db.execute(
            "INSERT INTO agenda (payer, due_on, kind, body) VALUES (?, ?, ?, ?)",
            (payer, due_on.isoformat(), kind, json.dumps(body, sort_keys=True)),
        )

    def due(self, payer: str, kind: str, day: date) -> list[Any]:
        """What is due of a kind, in the order in which it was noted; it is struck off."""
        rows = self._db.execute(
            "SELECT id, body FROM agenda WHERE payer = ? AND kind = ? AND due_on <= ? ORDER BY due_on, id",
            (payer, kind, day.isoformat()),
        ).fetchall()
        self._db.executemany("DELETE FROM agenda WHERE id = ?", [(row[0],) for row in rows])
        return [json.loads(row[1]) for row in rows]

    def add_claim(
        self, payer: str, facts: ClaimFacts, state: str, due_on: date, control: str, member_key: str, status: str = ""
    ) -> int:
        """A reception of a claim; its row id."""
        cursor = self._db.execute(
            "INSERT INTO claims (payer, claim_id, state, received_on, due_on, control, member_key, service_date, status,"
            " facts, waived) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '[]')",
            (
                payer, facts.claim_id, state, facts.received_on.isoformat(), due_on.isoformat(), control, member_key,
                facts.service_date.isoformat(), status, facts.model_dump_json(),
            ),
        )  # fmt: skip
        return int(cursor.lastrowid or 0)

    def answer(
        self, row_id: int, decision: Decision, sent: Decision, day: date, waived: Iterable[tuple[str, str]] = ()
    ) -> None:
        """A claim has its answer."""
        self._db.execute(
            "UPDATE claims SET state = ?, decision = ?, sent = ?, decided_on = ?, waived = ? WHERE id = ?",
            (
                ANSWERED, decision.model_dump_json(), sent.model_dump_json(), day.isoformat(),
                json.dumps(sorted(waived)), row_id,
            ),
        )  # fmt: skip

    def set_state(self, row_id: int, state: str) -> None:
        """A claim is taken back or void."""
        self._db.execute("UPDATE claims SET state = ? WHERE id = ?", (state, row_id))

    def claims(self, payer: str, where: str, *values: object) -> list[Row]:
        """Rows of a payer by a condition, oldest first."""
        rows = self._db.execute(
            "SELECT id, claim_id, state, received_on, due_on, control, member_key, status, facts, decision, sent, decided_on,"
            f" waived FROM claims WHERE payer = ? AND {where} ORDER BY id",
            (payer, *values),
        ).fetchall()
        return [_row(row) for row in rows]

    def row(self, row_id: int) -> Row:
        """One row; raises IndexError where there is none."""
        payer = self._db.execute("SELECT payer FROM claims WHERE id = ?", (row_id,)).fetchone()[0]
        return self.claims(payer, "id = ?", row_id)[0]

    def count(self, payer: str, where: str, *values: object) -> int:
        """How many rows of a payer fulfil a condition."""
        query = f"SELECT count(*) FROM claims WHERE payer = ? AND {where}"
        return int(self._db.execute(query, (payer, *values)).fetchone()[0])

    def last_control(self, payer: str, prefix: str) -> str:
        """The highest control number that begins so; empty where there is none."""
        query = "SELECT max(control) FROM claims WHERE payer = ? AND control >= ? AND control < ?"
        row = self._db.execute(query, (payer, prefix, prefix + ":")).fetchone()  # ":" follows "9"
        return row[0] or ""

    def note_appeal(self, payer: str, appeal_id: str, claim_id: str, level: int, decision: str, day: date) -> None:
        """A decided appeal."""
        self._db.execute(
            "INSERT OR REPLACE INTO appeals VALUES (?, ?, ?, ?, ?, ?)",
            (appeal_id, payer, claim_id, level, decision, day.isoformat()),
        )

    def lost_levels(self, payer: str, claim_id: str) -> dict[int, date]:
        """Levels of a claim's appeals that were not fully granted, with the day of the last such decision."""
        rows = self._db.execute(
            "SELECT level, max(decided_on) FROM appeals WHERE payer = ? AND claim_id = ? AND decision != 'overturned'"
            " GROUP BY level",
            (payer, claim_id),
        ).fetchall()
        return {level: date.fromisoformat(day) for level, day in rows}

    def carried(self, payer: str, npi: str) -> int:
        """What a payee still owes from an earlier payment (PLB FB), cents."""
        row = self._db.execute("SELECT cents FROM carried WHERE payer = ? AND npi = ?", (payer, npi)).fetchone()
        return int(row[0]) if row else 0

    def carry(self, payer: str, npi: str, cents: int) -> None:
        """Carry an amount forward to the next payment."""
        self._db.execute("INSERT OR REPLACE INTO carried VALUES (?, ?, ?)", (payer, npi, cents))

    def send(self, payer: str, files: Iterable[AnswerFile]) -> None:
        """Files that go to the payer's door once this transaction stands, and the receipts that they are to bring."""
        files = list(files)
        self._db.executemany(
            "INSERT INTO receipts (payer, kind, control, wanted) VALUES (?, ?, ?, 1)"
            " ON CONFLICT DO UPDATE SET wanted = wanted + 1",
            [(payer, *awaited) for file in files for awaited in file.awaits],
        )
        rows = [(payer, file.name, file.content) for file in files]
        self._db.executemany("INSERT INTO outgoing (payer, name, content) VALUES (?, ?, ?)", rows)

    def receipt(self, payer: str, kind: str, control: int, code: str) -> bool:
        """Note a 999 or TA1 with its verdict; False where nothing waits for it (any more)."""
        changed = self._db.execute(
            "UPDATE receipts SET got = got + 1, codes = codes || ? WHERE payer = ? AND kind = ? AND control = ?"
            " AND got < wanted",
            (code, payer, kind, control),
        )
        return changed.rowcount == 1

    def complain(self, payer: str, day: date, about: str) -> None:
        """Something that the biller did wrong, for people who look after the simulator."""
        self._db.execute("INSERT INTO complaints VALUES (?, ?, ?)", (payer, day.isoformat(), about))

    def receipts(self) -> tuple[dict[str, tuple[int, int]], list[str]]:
        """By payer and kind (`HARBOR 999`) how many receipts it wanted and got, and all complaints."""
        counted = self._db.execute("SELECT payer || ' ' || kind, sum(wanted), sum(got) FROM receipts GROUP BY 1")
        wanted = {name: (int(first), int(second)) for name, first, second in counted}
        told = self._db.execute("SELECT payer || ' ' || day || ' ' || about FROM complaints ORDER BY rowid")
        return wanted, [row[0] for row in told]

    def outgoing(self) -> list[tuple[int, str, AnswerFile]]:
        """Files that are not known to be at their door: number, payer, file."""
        rows = self._db.execute("SELECT id, payer, name, content FROM outgoing ORDER BY id").fetchall()
        return [(number, payer, AnswerFile(name, content)) for number, payer, name, content in rows]

    def delivered(self, numbers: Iterable[int]) -> None:
        """These files are at their door."""
        self._db.executemany("DELETE FROM outgoing WHERE id = ?", [(number,) for number in numbers])


def _row(values: tuple[Any, ...]) -> Row:
    number, claim_id, state, received, due, control, member, status, facts, decision, sent, decided, waived = values
    return Row(
        id=number,
        claim_id=claim_id,
        state=state,
        received_on=date.fromisoformat(received),
        due_on=date.fromisoformat(due),
        control=control,
        member_key=member,
        status=status,
        facts=ClaimFacts.model_validate_json(facts),
        decision=Decision.model_validate_json(decision) if decision else None,
        sent=Decision.model_validate_json(sent) if sent else None,
        decided_on=date.fromisoformat(decided) if decided else None,
        waived=frozenset((line, rule) for line, rule in json.loads(waived)),
    )
