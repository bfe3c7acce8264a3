"""Callbacks: as they are on the wire, and how they are sent until each is answered."""

from __future__ import annotations

import json
import logging
import queue
import threading
import time
import traceback
from typing import Any, Callable, Union

from .link import Link, Refused, understood

log = logging.getLogger("marie")

Callback = dict[str, Any]
Latest = list[Any]  # a token, and the line of its progress that waits
Waiting = queue.SimpleQueue[Union[bytes, Latest]]

MAX_LINES = 1_000
MAX_CODE, MAX_TEXT = 64, 1_000  # characters; the fabric takes 256 and 4,096 bytes
MAX_BYTES = 4 * 1024 * 1024  # the fabric takes 32 MiB; a smaller request is sooner answered
LOOK_S = 0.5  # how long it waits at most, until it looks around
MIN_ANSWER_S, MAX_ANSWER_S = 5, 30  # how long an answer is waited for; between them, for half a session
TERMINAL = ("complete", "fail", "return")
# Answers to a line that is to be sent again: those that time may cure.
NOT_TAKEN = ("inbox-full", "not-ready", "fate-open", "turn-voided", "kafka-unavailable", "internal")
OTHER_SESSION = ("other-history", "other-reign")  # to a request: the session is of a history, or a reign, that is over


def complete(token: str, output: bytes) -> Callback:
    """`output` is JSON already: written twice, it may be another one by then, or none, as a job may share it with others."""
    return {"type": "complete", "token": token, "output": output}


def complete_by_blob(token: str, blob: object) -> Callback:
    return {"type": "complete", "token": token, "blob": blob}


def progress(token: str, permille: int, message: object = None) -> Callback:
    text = {} if message is None else {"message": _text(message, MAX_TEXT)}
    return {"type": "progress", "token": token, "permille": permille, **text}


def fail(token: str, code: object, message: object, retryable: object = True) -> Callback:
    code, message = _text(code, MAX_CODE) or "failed", _text(message, MAX_TEXT)
    return {"type": "fail", "token": token, "code": code, "message": message, "retryable": bool(retryable)}


def told(error: BaseException, whose: str) -> str:
    """Logs an exception, and gives it as text; one that Python can not print is said to have none."""
    try:
        text = "".join(traceback.format_exception_only(type(error), error)).strip()
    except Exception:
        text = f"{type(error).__name__}: it has no text"
    try:
        log.error("%s failed", whose, exc_info=error)
    except Exception:
        log.error("%s failed: %s", whose, text)
    return text


def give_back(token: str, reason: object) -> Callback:
    return {"type": "return", "token": token, "reason": _text(reason, MAX_TEXT)}


def _text(value: object, most: int) -> str:
    """What the fabric takes: UTF-8, which the name of a file need not have, and no more characters than that."""
    return str(value).encode(errors="replace").decode()[:most]


def _line(callback: Callback) -> bytes:
    output: bytes | None = callback.get("output")
    if output is None:
        return json.dumps(callback).encode() + b"\n"
    head = json.dumps({name: value for name, value in callback.items() if name != "output"}).encode()
    return head[:-1] + b', "output": ' + output + b"}\n"


HEARTBEAT = _line({"type": "heartbeat"})


class Sender:
    """
    One request after the other: what comes up while one is under way goes with the next. So callbacks keep their order,
    and batches are as large as the load needs.
    """

    def __init__(
        self,
        link: Link,
        on_answer: Callable[[Callback, Callback], None],
        outdated: threading.Event,
        closed: threading.Event,
    ) -> None:
        """
        `on_answer(callback, answer)` is called once for each callback; `outdated` is an Event that is set when the fabric
        does not know the session, `closed` one that ends it.
        """
        self._link, self._on_answer, self._outdated, self._closed = link, on_answer, outdated, closed
        self._waiting: Waiting = queue.SimpleQueue()  # lines, and what stands in `_latest`
        self._lock = threading.Lock()
        self._latest: dict[str, Latest] = {}  # by token
        self._most = MAX_BYTES  # of one request; less where somebody in between takes less
        self.path, self.heartbeat_s = "", 1.0  # set when the executor is registered

    def put(self, callback: Callback) -> None:
        self._waiting.put(_line(callback))

    def put_latest(self, callback: Callback) -> None:
        """
        A progress, in the place of an earlier one of its job that still waits: while the fabric is away, a job that tells
        of it all the time would fill the memory.
        """
        token: str = callback["token"]
        line = _line(callback)  # here, where what is no JSON is its job's own error
        with self._lock:
            if token in self._latest:
                self._latest[token][1] = line
            else:
                self._latest[token] = [token, line]
                self._waiting.put(self._latest[token])

    def _take(self, waiting: bytes | Latest) -> bytes:
        if isinstance(waiting, bytes):
            return waiting
        with self._lock:
            token: str = waiting[0]
            line: bytes = waiting[1]
            if self._latest.get(token) is waiting:
                del self._latest[token]
        return line

    def forget(self) -> None:
        """Drops all that waits: nobody is there who could take it."""
        with self._lock:
            self._waiting, self._latest = queue.SimpleQueue(), {}

    def run(self) -> None:
        """Sends until `closed` is set."""
        waiting = self._waiting
        batch: list[bytes] = []
        while not self._closed.is_set():
            if waiting is not self._waiting:
                batch, waiting = [], self._waiting
            looked_at = time.monotonic()
            batch = batch or self._gather(waiting)
            stood_s = time.monotonic() - looked_at - LOOK_S
            if stood_s > self.heartbeat_s:  # while it sends, the fabric may be slow
                log.warning("stood still for %.0f s: its machine stopped the process, or a job held Python's lock", stood_s)
            if batch:
                batch, pause_s = self._send(batch, waiting)
                self._closed.wait(pause_s)

    def beat(self) -> None:
        """Gives signs of life until `closed` is set, by requests of their own: all others may be under way for long."""
        while not self._closed.is_set():
            unheard, pause_s = self._send([HEARTBEAT], self._waiting)
            self._closed.wait(min(pause_s, self.heartbeat_s) if unheard else self.heartbeat_s)

    def _gather(self, waiting: Waiting) -> list[bytes]:
        """What is there; waits for the first of it until it is time to look around."""
        lines: list[bytes] = []
        size = 0
        try:
            one = waiting.get(timeout=LOOK_S)
            while True:
                lines.append(self._take(one))
                size += len(lines[-1])
                if len(lines) >= MAX_LINES or size >= self._most:
                    return lines
                one = waiting.get_nowait()
        except queue.Empty:
            return lines

    def _send(self, lines: list[bytes], waiting: Waiting, is_heard: bool = False) -> tuple[list[bytes], float]:
        """
        Posts lines that were in `waiting`; gives what must be sent again, and after how many seconds. `is_heard`: a sign
        of life was answered since somebody in between refused them.
        """
        path = self.path
        if waiting is not self._waiting:  # forgotten, and the path may be that of another session
            return [], 0
        # A sign of life that is not answered is given up while there is time for the next one.
        timeout_s = min(MAX_ANSWER_S, max(MIN_ANSWER_S, 2 * self.heartbeat_s))
        try:
            body = self._link.read("POST", path, b"".join(lines), "application/x-ndjson", timeout_s)
            with understood():
                answers = [json.loads(answer) for answer in body.splitlines()]
                not_taken = [not answer["accepted"] and answer["code"] in NOT_TAKEN for answer in answers]
            if len(answers) != len(lines):
                raise ConnectionError(f"{len(answers)} answers to {len(lines)} callbacks")
        except Refused as refusal:  # none of the lines was taken
            log.warning("callbacks not taken: %s", refusal)
            if refusal.code in OTHER_SESSION:
                self._outdated.set()
            if refusal.status == 413 or (is_heard and refusal.may_be_of_words):
                return self._send_less(lines, waiting, refusal)
            if refusal.may_be_of_words and lines != [HEARTBEAT] and self._send([HEARTBEAT], waiting) == ([], 0):
                return self._send(lines, waiting, is_heard=True)
            return lines, refusal.retry_after_s or 0.5
        except OSError as error:
            # Nobody knows what became of them. The repeat of one that was accepted is answered as accepted.
            log.warning("callbacks not answered, sent again: %s", error)
            return lines, 0.5
        return self._match(lines, waiting, answers, not_taken)

    def _send_less(self, lines: list[bytes], waiting: Waiting, refusal: Refused) -> tuple[list[bytes], float]:
        """
        A proxy may take less at once than the fabric does, or look at what is said; a line that it does not take alone is
        refused.
        """
        if len(lines) == 1:
            refused: Callback = {"accepted": False, "code": refusal.code, "detail": str(refusal)}
            return self._match(lines, waiting, [refused], [False])
        half = len(lines) // 2
        if refusal.status == 413:
            self._most = sum(map(len, lines)) // 2
        first, pause_s = self._send(lines[:half], waiting)
        return first + lines[half:], pause_s

    def _match(
        self, lines: list[bytes], waiting: Waiting, answers: list[Callback], not_taken: list[bool]
    ) -> tuple[list[bytes], float]:
        again: list[bytes] = []
        for line, answer, is_early in zip(lines, answers, not_taken):
            if waiting is not self._waiting:  # since a moment ago their tokens may be those of other leases
                return [], 0
            if is_early:
                again.append(line)
            else:
                self._on_answer(json.loads(line), answer)
        return again, 0.2 if again else 0
