"""A memory of what was done that outlives the process: with it, nothing is done twice and nothing done is lost.

The fabric gives a job to one executor at a time, but a process can die between doing something and saying so; the job
is then given out again. Three things close that gap:

1. The effect and the memory of it are one transaction, here of SQLite, which comes with Python.
2. A process that comes back lists what it did but could not report as `held`, so that the leases go on, and reports it.
3. Where the lease is over all the same, the job comes again under another token: it is answered from memory. So it is
   where the fabric has lost the turn in which the report counted.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from types import TracebackType
from typing import Any, Callable, Union

from .job import Job, written
from .registration import Session
from .reigns import KnownTurns

Effect = Callable[[sqlite3.Connection, Job, Any], object]
Unreported = tuple[Union[str, None], list[tuple[str, int, Any]]]

SCHEMA = """
CREATE TABLE IF NOT EXISTS done (
  executor TEXT NOT NULL, tenant TEXT NOT NULL, dag TEXT NOT NULL, job TEXT NOT NULL,
  history TEXT, token TEXT NOT NULL,  -- the lease under which it is reported
  slots INTEGER NOT NULL, output TEXT NOT NULL,
  accepted INTEGER,  -- NULL: not answered yet; 0: did not count; else the turn in which it did
  reign TEXT, turn INTEGER  -- in which it was dispatched; once it is answered, the reign of that
);
CREATE INDEX IF NOT EXISTS done_by_job ON done (tenant, dag, job);
CREATE INDEX IF NOT EXISTS done_by_token ON done (token);
CREATE TABLE IF NOT EXISTS effects (tenant TEXT, dag TEXT, job TEXT, token TEXT);
"""
# What a file has not that is older.
LATER_COLUMNS = {"reign": "TEXT", "turn": "INTEGER"}


class Ledger:
    """What was done, in a file. One for all executors of a process; two processes may share it as well."""

    def __init__(self, path: str) -> None:
        self._lock = threading.Lock()
        self._database = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = FULL")
        self._database.executescript(SCHEMA)
        with _transaction(self._database) as database:  # another process may begin, too
            there = [column[1] for column in database.execute("PRAGMA table_info (done)")]
            for name, kind in LATER_COLUMNS.items():
                if name not in there:
                    database.execute(f"ALTER TABLE done ADD COLUMN {name} {kind}")

    def once(self, executor_id: str, work: Callable[[Job], object], effect: Effect) -> Callable[[Job], Any]:
        """
        Makes a `run` for an Executor.

        :param work: `work(job)` gives the output, and may be done again.
        :param effect: `effect(database, job, output)` changes the world, and must happen once. It does so through this
            database; for another system, write down here what has to be done there, with the token to tell repeats.
        """

        def run(job: Job) -> Any:
            text = self._known(job, executor_id)
            if text is None:
                output = work(job)
                with self._lock, _transaction(self._database) as database:
                    job.go_on()  # in here: one that was stopped for lost turns writes nothing after `registered`
                    text = _find(database, job)  # another process may have been faster
                    if text is None:
                        effect(database, job, output)
                        text = written(output).decode()
                    _remember(database, job, executor_id, text)
            return json.loads(text)

        return run

    def _known(self, job: Job, executor_id: str) -> str | None:
        with self._lock, _transaction(self._database) as database:
            job.go_on()
            text = _find(database, job)
            if text is not None:
                _remember(database, job, executor_id, text)
            return text

    def unreported(self, executor_id: str) -> Unreported:
        """
        What an earlier process of this executor did and had no answer for: the fabric's history in which it last did
        something, and of that history a list of (token, slots, output).
        """
        with self._lock:
            rows = self._database.execute(
                "SELECT history, token, slots, output FROM done WHERE executor = ? AND accepted IS NULL ORDER BY rowid",
                (executor_id,),
            ).fetchall()
        history = rows[-1][0] if rows else None
        return history, [(token, slots, json.loads(output)) for of, token, slots, output in rows if of == history]

    def known_turns(self, executor_id: str) -> KnownTurns:
        """The KnownTurns of an earlier process of this executor, as far as it wrote them down."""
        with self._lock:
            reign, highest = self._database.execute(
                """
                SELECT reign, max(max(coalesce(turn, 0), coalesce(accepted, 0))) FROM done WHERE executor = :executor
                AND reign = (SELECT reign FROM done WHERE executor = :executor ORDER BY rowid DESC LIMIT 1)
                """,
                {"executor": executor_id},
            ).fetchone()
        return KnownTurns(reign, highest or 0)

    def reported(self, executor_id: str, history: str | None, token: str, reign: str | None, turn: int) -> None:
        """The fabric's answer to the completion of a token: the turn in which it counted, 0 where it did not."""
        with self._lock:
            self._database.execute(
                """
                UPDATE done SET accepted = ?, reign = ?
                WHERE executor = ? AND token = ? AND history IS ? AND accepted IS NULL
                """,
                (turn, reign, executor_id, token, history),
            )

    def registered(self, session: Session) -> None:
        """
        The fabric's turns are made by this session's reign, from its first one on: what another one told of those is lost,
        whichever executor it told. What counted in them did not, and tokens are of other leases; what is given out again,
        to whomever, is answered from memory.
        """
        with self._lock:
            self._database.execute(
                """
                UPDATE done SET accepted = 0
                WHERE history IS ? AND reign <> ? AND max(coalesce(turn, 0), coalesce(accepted, 0)) >= ?
                """,
                (session.history, session.reign, session.first_turn),
            )


def _find(database: sqlite3.Connection, job: Job) -> str | None:
    """
    The output, as JSON, of a job whose effect is there and did not count yet; None where there is no such effect. One
    that counted is not taken: a job that comes again after that was reopened by somebody who wants it done again.
    """
    row = database.execute(
        """
        SELECT output FROM done WHERE tenant = ? AND dag = ? AND job = ? AND coalesce(accepted, 0) = 0
        ORDER BY rowid DESC LIMIT 1
        """,
        (job.tenant, job.dag_id, job.name),
    ).fetchone()
    return None if row is None else row[0]


def _remember(database: sqlite3.Connection, job: Job, executor_id: str, text: str) -> None:
    """From now on it is reported under this job's token."""
    name = (job.tenant, job.dag_id, job.name)
    database.execute("DELETE FROM done WHERE tenant = ? AND dag = ? AND job = ? AND coalesce(accepted, 0) = 0", name)
    row = (executor_id, *name, job.history, job.token, job.slots, text, None, job.reign, job.turn)
    database.execute("INSERT INTO done VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)


class _transaction:
    """A transaction that has the database for itself from its beginning."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def __enter__(self) -> sqlite3.Connection:
        self._database.execute("BEGIN IMMEDIATE")
        return self._database

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._database.execute("COMMIT")
        finally:
            if self._database.in_transaction:  # some errors have ended it already
                self._database.execute("ROLLBACK")
