"""python3 documents.py URL [ID] [FILE] [SESSION_MS]

Runs the five executor classes of a document DAG (split, 20 pages, merge, validate, publish) against the fabric at URL
until SIGTERM or Ctrl-C drains them. ID names this process, and must be the same after a restart (default: python).
FILE is its ledger (default: ledger.sqlite): kill this program at any moment, start it again, and nothing is done twice
and nothing is lost.
"""

from __future__ import annotations

import logging
import signal
import sqlite3
import sys
import threading
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from typing import Any

from marie_executor import Executor, Job, JobFailed, Ledger

PAGES = 20


def split(job: Job) -> dict[str, Any]:
    return {"pages": [{"page": page} for page in range(PAGES)]}


def recognise(job: Job) -> dict[str, Any]:
    """The page is an input of a job of its own, and the element of a child of a fan-out."""
    page = job.input("page") if job.index is None else job.item["page"]
    return {"page": page, "text": f"page {page} of {job.dag_id}"}


def merge(job: Job) -> dict[str, Any]:
    if "pages" not in job.inputs:
        return {"dag": job.dag_id, "pages": PAGES}
    texts = [child["output"]["text"] for child in job.children("pages")]
    return {"dag": job.dag_id, "pages": len(texts), "texts": texts}


def validate(job: Job) -> dict[str, Any]:
    merged = job.input("merged")
    if merged["pages"] != PAGES:
        raise JobFailed("pages-missing", f"{merged['pages']} of {PAGES} pages", retryable=False)
    return {"dag": merged["dag"], "valid": True}


def publish(job: Job) -> dict[str, Any]:
    return {"published": job.input("valid")["dag"]}


CLASSES = {
    "splitter": (split, 2),
    "ocr": (recognise, 8),
    "merger": (merge, 2),
    "validator": (validate, 2),
    "publisher": (publish, 2),
}


def write_down(database: sqlite3.Connection, job: Job, output: object) -> None:
    """The effect in the world: a row. Whoever counts the rows knows how often each job was really done."""
    database.execute("INSERT INTO effects VALUES (?, ?, ?, ?)", (job.tenant, job.dag_id, job.name, job.token))


def main(url: str, name: str = "python", file: str = "ledger.sqlite", session_ms: str = "30000") -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    ledger = Ledger(file)
    executors = []
    for kind, (work, slots) in CLASSES.items():
        run = ledger.once(f"{name}-{kind}", work, write_down)
        executors.append(Executor(url, f"{name}-{kind}", kind, run, slots, int(session_ms), ledger=ledger))

    def drain(*_: object) -> None:
        for executor in executors:
            threading.Thread(target=executor.drain, daemon=True).start()

    signal.signal(signal.SIGTERM, drain)
    signal.signal(signal.SIGINT, drain)
    pool = ThreadPoolExecutor(max_workers=len(executors))
    running = {pool.submit(executor.serve) for executor in executors}
    try:
        while running:
            # It wakes now and then: a signal that comes just as this thread begins to wait is seen when it goes on.
            done, running = wait(running, timeout=0.5, return_when=FIRST_COMPLETED)
            for served in done:
                served.result()
    finally:
        drain()  # one that the fabric will not have takes the others with it


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(*sys.argv[1:])
