"""The session of an executor: registers, takes dispatches, runs them, reports, leaves."""

from __future__ import annotations

import json
import logging
import os
import threading
import time
import urllib.parse
import uuid
from typing import Any, Callable, Mapping

from .callbacks import TERMINAL, Callback, Sender, complete, complete_by_blob, fail, give_back, told
from .job import MAX_OUTPUT_BYTES, Job, JobFailed, JobStopped, until_answered, written
from .ledger import Ledger
from .link import Link, Message, Refused, understood
from .registration import Registration, Session
from .reigns import KnownTurns

log = logging.getLogger("marie")

STREAM_SILENCE_S = 17  # a ping comes every 5 s
REMEMBERED_TOKENS = 10_000
STOPPED_LATE_S = 25  # the slot is withdrawn after 30 s, of which the word was on its way for some
SETTLED_S = 2  # after a message that came so long after another one, nothing that came before that one is unread


class Executor:
    """
    Offers `slots` of a class, and calls `run(job)` for each dispatch, at most so many at once; what it returns is the
    job's output, JSON of any size. It comes back by itself after any outage.

    :param executor_id: unique in the cell, and the same after a restart: by it the fabric ends, or lets go on, the
        leases of the process before.
    :param ledger: remembers over restarts what was done (see ledger.py); None for work that may be done again.
    """

    def __init__(
        self,
        url: str,
        executor_id: str,
        executor_class: str,
        run: Callable[[Job], Any],
        slots: int = 1,
        session_ms: int = 30_000,
        labels: Mapping[str, str] | None = None,
        ledger: Ledger | None = None,
    ) -> None:
        self.id = executor_id
        self._incarnation = ""  # of each process that serves: two of one fork may have the same executor
        self._link, self._run, self._ledger = Link(url), run, ledger
        self._base = f"/v1/executors/{urllib.parse.quote(executor_id, safe='')}"
        offer = {"class": executor_class, "slots": slots, "sessionMs": session_ms, "labels": labels or {}}
        self._registration = Registration(self._link, f"{self._base}/register", offer)
        self._draining, self._closed = threading.Event(), threading.Event()
        self._outdated = threading.Event()  # its session is over or was in another reign, or a slot may be withdrawn
        self._heard_at, self._message_at = time.monotonic(), time.monotonic()
        self._sender = Sender(self._link, self._answered, self._outdated, self._closed)
        self._changed = threading.Condition()  # guards the next three
        self._held: dict[str, Job] = {}  # until the terminal callback was answered
        self._recovered: dict[str, int] = {}  # token -> slots of what an earlier process did and could not report
        self._old: dict[str, None] = {}  # tokens that are over, oldest first
        self._history: str | None = None  # the fabric's, to which all of these tokens belong
        self._reign: str | None = None  # the id of the one in which it is registered
        self._known = KnownTurns()
        self._registered_in: int | None = None  # the turn of the last registration; 0 where that was in another history
        self._fault: BaseException | None = None  # the error that ended one of its threads
        self._process: int | None = None  # in which it serves

    # The session

    def serve(self) -> None:
        """
        Works until `drain` has ended. Raises Refused when the fabric will not have this executor, and whatever else ended
        one of its threads: without that thread it would look alive, and hold jobs of which nobody hears again.
        """
        self._process, self._incarnation = os.getpid(), uuid.uuid4().hex
        try:
            self._serve()
        finally:
            self._close()
        if self._fault is not None:
            raise self._fault

    def _serve(self) -> None:
        if self._ledger:
            self._history, done = self._ledger.unreported(self.id)
            self._known = self._ledger.known_turns(self.id)
            self._recovered = {token: slots for token, slots, _ in done}
            for token, _, output in done:
                self._start(self._recover, token, output)
        registered, sending = False, False
        while not self._closed.is_set():
            pause_s = 0.5
            try:
                if not registered or self._outdated.is_set():
                    registered = False
                    self._outdated.clear()
                    self._check_id()
                    self._register()
                    registered = True
                if not sending:
                    self._start(self._sender.run)
                    self._start(self._sender.beat)
                    sending = True
                self._listen()
            except Refused as refusal:
                if refusal.code == "other-history":
                    self._registered_in = self._registered_in and 0
                if refusal.code == "other-history" or any(path.startswith("/held/") for path in refusal.paths):
                    self._begin_anew("the fabric has another history")
                    pause_s = 0.05
                elif refusal.code in ("unknown-executor", "other-reign"):  # a new session, with what is still held
                    registered, pause_s = False, 0.05
                elif refusal.may_pass or self._is_behind(refusal) or self._is_of_others(refusal):
                    log.warning("%s: refused, trying again: %s", self.id, refusal)
                    pause_s = refusal.retry_after_s or pause_s
                else:  # above all `stale-incarnation`: another process has registered under this id
                    raise
            except OSError as error:
                log.warning("%s: not connected, trying again: %s", self.id, error)
            self._closed.wait(pause_s)

    def _is_behind(self, refusal: Refused) -> bool:
        """Whether it is told by a process of the cell that may know the registration before this one only."""
        return refusal.turn is not None and refusal.turn < (self._registered_in or 0)

    def _is_put_back(self, refusal: Refused) -> bool:
        """
        Where reigns have names no process of the cell is behind: one that knows the registration before this one only was
        put back to before it, and whoever has the id there is the process before this one.
        """
        return self._reign is not None and refusal.code == "stale-incarnation" and self._is_behind(refusal)

    def _is_of_others(self, refusal: Refused) -> bool:
        """Once it was registered only the fabric's own word ends it, with the work that it has: not the page of a proxy."""
        return self._registered_in is not None and not refusal.is_of_fabric

    def _check_id(self) -> None:
        """
        Whoever was replaced while it was away must not take the id back by registering again. Raises Refused where that
        is so, or not known yet; what the short poll gives comes again with the stream.
        """
        if self._registered_in is None:
            return
        try:
            answer = self._link.read("GET", f"{self._base}/dispatches?incarnation={self._incarnation}&waitMs=0&max=1")
            with understood():
                json.loads(answer)["messages"]
        except Refused as refusal:
            if refusal.code != "unknown-executor" and not self._is_put_back(refusal):
                raise

    def _register(self) -> None:
        session = self._ask_for_session()
        if self._known.are_lost(session):
            self._begin_anew("the fabric has lost turns")
            session = self._ask_for_session()
        if self._ledger and session.reign:
            self._ledger.registered(session)
        self._known.registered(session)
        self._history, self._reign, self._registered_in = session.history, session.reign, session.turn
        named = {"incarnation": self._incarnation, "history": session.history, "reign": session.reign}
        query = {name: value for name, value in named.items() if value}
        self._sender.path = f"{self._base}/callbacks?{urllib.parse.urlencode(query)}"
        self._sender.heartbeat_s = session.heartbeat_s
        log.info("%s: registered, %d held", self.id, len(self._listed()))
        if self._draining.is_set():  # it may have asked for this session, with slots, before that
            self._say_goodbye("drain")

    def _listed(self) -> dict[str, int]:
        """What is held, by token, with its slots."""
        with self._changed:
            return {**self._recovered, **{token: job.slots for token, job in self._held.items()}}

    def _ask_for_session(self) -> Session:
        return self._registration.ask(self._incarnation, self._listed(), self._history, self._draining.is_set())

    def _begin_anew(self, why: str) -> None:
        """In the fabric's history nobody waits for this work, and its tokens mean other leases."""
        log.warning("%s: %s", self.id, why)
        with self._changed:
            for job in self._held.values():
                job.ended = True  # so that it reports nothing
                job.stop.set()
            self._held, self._recovered, self._old, self._history = {}, {}, {}, None
            self._known = KnownTurns()
            self._sender.forget()
            self._changed.notify_all()

    def _listen(self) -> None:
        """Reads dispatches until the stream ends or breaks, or it is time to register anew."""
        path = f"{self._base}/dispatches?incarnation={self._incarnation}"
        if self._reign:
            path += f"&reign={urllib.parse.quote(self._reign, safe='')}"
        for message in self._link.stream(path, STREAM_SILENCE_S, lambda: self._closed.is_set() or self._outdated.is_set()):
            self._note_heard()
            kind: str = message["type"]
            token: Any = message.get("token")
            if kind == "dispatch":
                self._take(message)
            elif kind == "unreadable":
                self._refuse(token, message["why"])
            elif kind == "stop":
                self._stop(token)
            elif kind == "drain":
                self._start(self.drain)
            elif kind == "gone":
                raise Refused(410, message)

    def _note_heard(self) -> None:
        """
        Keeps up to when it has surely heard what it was told. While the stream is dead, or the process stands still,
        messages wait unread, and nothing tells afterwards when they came.
        """
        if time.monotonic() - self._message_at >= SETTLED_S:
            self._heard_at, self._message_at = self._message_at, time.monotonic()

    # Attempts

    def _take(self, dispatch: Message) -> None:
        self._known.hear(dispatch.get("turn"))
        try:
            job = Job(dispatch, self._history, self._reign, self._link, self._sender.put_latest)
        except KeyError as error:
            self._refuse(dispatch["token"], f"it lacks {error}")
            return
        with self._changed:
            if job.token in self._held or job.token in self._recovered or job.token in self._old:
                return  # seen before
            self._held[job.token] = job
        self._start(self._attempt, job)  # the fabric gives no more than there are slots

    def _refuse(self, token: str | None, why: str) -> None:
        """What can't be read ends for good: it would be the same again, and at once if it were given back."""
        log.warning("%s: a message can not be read (%s): %s", self.id, token, why)
        if token is not None:
            self._sender.put(fail(token, "dispatch-unreadable", why, retryable=False))

    def _stop(self, token: str) -> None:
        with self._changed:
            job = self._held.get(token)
        if job is not None and not job.ended:
            job.must_stop(self._heard_at)
        else:  # not here, or over: a slot is kept for it until the fabric hears that nothing runs
            self._sender.put(give_back(token, "not running here"))

    def _attempt(self, job: Job) -> None:
        try:
            callback = self._outcome(job)
        except BaseException as error:  # SystemExit, too: a job of which nothing is said is held for ever
            callback = fail(job.token, "executor-error", told(error, f"{self.id}: {job.name} of {job.dag_id}"))
        self._end(job, callback)

    def _outcome(self, job: Job) -> Callback:
        """Runs a job; gives its terminal callback."""
        try:
            if self._draining.is_set():
                raise JobStopped()
            job.go_on()
            self._sender.put({"type": "ack", "token": job.token})
            return self._completion(job.token, self._run(job), lambda: not job.stop.is_set())
        except JobStopped:
            if not (job.stop.is_set() or self._draining.is_set()):  # its own word: given back, it would come again at once
                raise
            return give_back(job.token, "stopped, or the executor drains")
        except JobFailed as failure:
            return fail(job.token, failure.code, failure, failure.retryable)

    def _recover(self, token: str, output: object) -> None:
        """Reports what an earlier process did, as long as it is wanted."""
        try:
            callback = self._completion(token, output, lambda: token in self._recovered)
        except JobFailed as failure:
            callback = fail(token, failure.code, failure, failure.retryable)
        except JobStopped:  # the fabric has another history
            return
        with self._changed:
            if token in self._recovered:  # still
                self._sender.put(callback)

    def _completion(self, token: str, output: object, is_wanted: Callable[[], bool]) -> Callback:
        """The callback that reports an output; a large one is stored first, as long as it is wanted."""
        text = written(output)
        if len(text) <= MAX_OUTPUT_BYTES:
            return complete(token, text)
        is_open = lambda: is_wanted() and not self._closed.is_set()
        try:
            return complete_by_blob(token, until_answered(lambda: self._link.put(text), is_open, self._closed.wait))
        except Refused as refusal:
            raise JobFailed(refusal.code, refusal) from refusal

    def _end(self, job: Job, callback: Callback) -> None:
        units = {} if job.units_used is None else {"unitsUsed": job.units_used}
        with self._changed:
            if job.ended:
                return
            job.ended = True
            job.may_stop_since(self._heard_at)
            self._sender.put({**callback, **units})

    # Answers

    def _answered(self, callback: Callback, answer: Callback) -> None:
        self._known.hear(answer.get("turn"))
        token, kind = callback.get("token", ""), callback["type"]
        is_over = not answer["accepted"] and answer["code"] == "stale-token"
        if kind in TERMINAL:
            if not answer["accepted"] and not is_over:
                # Refused for what it says. Without another word the job would run for ever.
                words: tuple[str, str] = ("failed", "") if kind == "fail" else (answer["code"], answer.get("detail", ""))
                instead = fail(token, *words, callback.get("retryable", True))
                if callback != instead:
                    self._sender.put(instead)
                    return
            if is_over:
                self._note_late(token)
            if self._ledger and kind == "complete":
                turn = answer.get("turn", 1) if answer["accepted"] else 0
                self._ledger.reported(self.id, self._history, token, self._reign, turn)
            self._forget(token)
        elif kind == "heartbeat" and not answer["accepted"]:
            self._outdated.set()
        elif is_over:
            with self._changed:
                job = self._held.get(token)
            if job is not None:
                job.must_stop(self._heard_at)

    def _note_late(self, token: str) -> None:
        """Work that was to stop ended so late that its slot may be withdrawn: it looks free, and gets no work."""
        with self._changed:
            job = self._held.get(token)
        since = None if job is None else job.stopped_since
        if since is not None and time.monotonic() - since >= STOPPED_LATE_S:
            self._outdated.set()

    def _forget(self, token: str) -> None:
        with self._changed:
            self._held.pop(token, None)
            self._recovered.pop(token, None)
            self._old[token] = None
            if len(self._old) > REMEMBERED_TOKENS:
                del self._old[next(iter(self._old))]
            self._changed.notify_all()

    # Leaving

    def drain(self, patience_s: float = 20) -> None:
        """
        Takes nothing new, lets what runs end, gives back the rest, deregisters; then `serve` returns. Does nothing in a
        process that a job has forked, which has the handlers of signals, too: the session is not its own.
        """
        if self._draining.is_set() or self._closed.is_set() or self._process not in (None, os.getpid()):
            return
        self._draining.set()
        self._say_goodbye("drain")
        self._wait_until_idle(patience_s)
        self._stop_all()
        self._wait_until_idle(2)
        with self._changed:
            left = list(self._held.values())
        for job in left:
            self._end(job, give_back(job.token, "still running when the executor shut down"))
        self._wait_until_idle(5)
        self._say_goodbye("deregister")
        self._close()

    def _wait_until_idle(self, patience_s: float) -> None:
        with self._changed:
            self._changed.wait_for(lambda: not self._held and not self._recovered, patience_s)

    def _stop_all(self) -> None:
        with self._changed:
            for job in self._held.values():
                job.stop.set()

    def _close(self) -> None:
        self._closed.set()
        self._stop_all()

    def _say_goodbye(self, how: str) -> None:
        try:
            self._link.read("POST", f"{self._base}/{how}", {"incarnation": self._incarnation}, timeout_s=5)
        except (Refused, OSError) as error:
            log.warning("%s: %s: %s", self.id, how, error)

    def _start(self, target: Callable[..., None], *arguments: object) -> None:
        """A thread that keeps no process alive: work that is deaf to its stop ends with it. Its error ends the executor."""

        def run() -> None:
            try:
                target(*arguments)
            except BaseException as fault:
                self._fault = fault
                self._close()

        threading.Thread(target=run, daemon=True).start()
