"""HTTP between an executor and its fabric."""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import json
import os
import queue
import re
import socket
import ssl
import threading
import urllib.error
import urllib.parse
import urllib.request
from typing import Any, Callable, Iterator, Mapping, TypeVar, Union


PIECE_BYTES = 64 * 1024  # of a body: each has the time-out of its request


class _Connection(http.client.HTTPConnection):
    """
    Who refuses a body by its length answers at once and reads no more of it: sending breaks, and the answer is there.
    Where none is, reading it breaks, too.
    """

    def endheaders(self, message_body: Any = None, *, encode_chunked: bool = False) -> None:
        self.connect()
        with contextlib.suppress(BrokenPipeError, ConnectionResetError, ssl.SSLEOFError):
            super().endheaders(message_body, encode_chunked=encode_chunked)

    def send(self, data: Any) -> None:
        """What is given to a socket at once has one time-out for all of it, however large it is."""
        for start in range(0, len(data), PIECE_BYTES):
            super().send(memoryview(data)[start : start + PIECE_BYTES])


class _SecureConnection(_Connection, http.client.HTTPSConnection):
    """The same, over TLS."""


class _Handler(urllib.request.HTTPHandler, urllib.request.HTTPSHandler):
    def do_open(self, http_class: Any, req: urllib.request.Request, **http_conn_args: Any) -> http.client.HTTPResponse:
        is_secure = issubclass(http_class, http.client.HTTPSConnection)
        return super().do_open(_SecureConnection if is_secure else _Connection, req, **http_conn_args)


# Straight to the fabric, whatever proxy the environment names for the world outside, and wherever an answer sends it: no
# fabric sends its clients elsewhere, and elsewhere nobody is to have the headers of MARIE_HEADERS.
_opener = urllib.request.OpenerDirector()
_opener.add_handler(_Handler())
_opener.add_handler(urllib.request.HTTPErrorProcessor())
_opener.add_handler(urllib.request.HTTPDefaultErrorHandler())

POLL_MS = 5_000  # how long a poll in the place of a stream waits for something

Message = dict[str, Any]
Content = Union[str, bytes, bytearray, memoryview]
T = TypeVar("T")

# What reading an answer raises that is none of the fabric's: whatever stands between here and there may answer, too.
_NOT_UNDERSTOOD = (ValueError, LookupError, TypeError, AttributeError, RecursionError)

# A fabric asks nobody who he is, or what he may: these are of somebody in between, whatever stands in them.
_OF_WHO_ASKS = (401, 403, 407)

# A page of maintenance asks for an hour, wherever it is over after a minute.
_MAX_RETRY_AFTER_S = 60.0


class Refused(Exception):
    """The fabric answered with a problem: `code` is stable, the rest is for people."""

    def __init__(self, status: int, problem: dict[str, Any], retry_after_s: float | None = None) -> None:
        code = problem.get("code")  # those of somebody between here and the fabric may be anything
        self.status, self.retry_after_s = status, retry_after_s
        self.is_of_fabric = isinstance(code, str) and status not in _OF_WHO_ASKS
        self.code: str = code if isinstance(code, str) and self.is_of_fabric else f"http-{status}"
        super().__init__(f"{self.code}: {problem.get('detail', '')}")
        self.turn: int | None = problem.get("turn")  # up to which it is known, where that matters
        self.paths: list[str] = [one.get("path", "") for one in problem.get("problems", ())]  # JSON pointers into the request

    @property
    def may_pass(self) -> bool:
        """Whether a session may come of it later; not where another process has registered under this id."""
        is_final = 400 <= self.status < 500 and self.status not in (404, 408, 409, 410, 429)
        return self.code != "stale-incarnation" and not is_final

    @property
    def may_be_of_words(self) -> bool:
        """
        Whether somebody in between may have refused what was said. He may refuse everything for a while: it is that where
        a sign of life is answered, and then it is refused again.
        """
        is_of_others = self.status in (401, 404, 407, 408, 409, 410, 429)  # of who asks, and when, and where
        return not self.is_of_fabric and 400 <= self.status < 500 and not is_of_others

    @property
    def is_decided(self) -> bool:
        """
        Whether this is the answer for good: a repeat gets the same, also one under the same key. A proxy that finds no
        fabric has a page of its own in its place.
        """
        is_absent = not self.is_of_fabric and (self.status < 400 or self.status == 404)
        return self.status < 500 and self.status not in (408, 429) and not is_absent


class Link:
    """One request, one answer. Raises Refused for a problem, OSError where there was no whole answer."""

    def __init__(self, url: str) -> None:
        address = urllib.parse.urlsplit(url)
        if address.scheme not in ("http", "https"):
            raise ValueError(f"the address of a fabric begins with http:// or https://, not as {url}")
        if "@" in address.netloc:
            raise ValueError("the address of a fabric may have no user or password: they belong into MARIE_HEADERS")
        _headers_of_environment()
        self.url = url.rstrip("/")
        self._is_kept_back = False  # whether no message came of the last stream

    def read(
        self,
        method: str,
        path: str,
        body: object = None,
        kind: str = "application/json",
        timeout_s: float = 30,
        headers: Mapping[str, str] | None = None,
    ) -> bytes:
        """The bytes of an answer. A body that is no bytes is sent as JSON."""
        with self._open(method, path, body, {"content-type": kind, **(headers or {})}, timeout_s) as answer:
            return _whole(answer.read)

    def stream(self, path: str, silence_s: float, is_over: Callable[[], bool]) -> Iterator[Message]:
        """
        The messages of an NDJSON answer that stays open, until `is_over()`; a silence of `silence_s` ends it with an
        OSError. They are read by a thread, which is left behind where it waits in a silent one that is over. Where none
        came of the last stream, somebody in between keeps it until it ends: then they come by polls.
        """
        if self._is_kept_back:
            self._is_kept_back = False
            yield from self._poll(path, silence_s, is_over)
            self._is_kept_back = True  # none has failed
            return
        is_heard = False
        messages: queue.SimpleQueue[tuple[Message | None, BaseException | None]] = queue.SimpleQueue()

        def read() -> None:
            try:
                for message in self._read_stream(path, silence_s):
                    messages.put((message, None))
                messages.put((None, None))
            except BaseException as error:
                messages.put((None, error))

        threading.Thread(target=read, daemon=True).start()
        while not is_over():
            try:
                message, error = messages.get(timeout=0.2)
            except queue.Empty:
                continue
            if error is not None:
                self._is_kept_back = isinstance(error, socket.timeout) and not is_heard
                raise error
            if message is None:
                return
            is_heard = True
            yield message

    def _read_stream(self, path: str, silence_s: float) -> Iterator[Message]:
        with self._open("GET", path, None, {}, silence_s) as answer:
            while line := _whole(answer.readline):
                if not line.endswith(b"\n"):
                    raise ConnectionError("the stream broke within a line")
                yield _message(line)

    def _poll(self, path: str, silence_s: float, is_over: Callable[[], bool]) -> Iterator[Message]:
        """The same messages by one request after the other, until `is_over()` or one fails; a ping stands for an answer."""
        while not is_over():
            answer = self.read("GET", f"{path}&waitMs={POLL_MS}&max=100", timeout_s=silence_s)
            lines = _lines_in(answer)
            yield {"type": "ping"}
            yield from map(_message, lines)

    def read_lines(self, path: str) -> list[dict[str, Any]]:
        """
        The objects of an NDJSON answer, as many as it says before: behind a proxy one that broke off may look as if it had
        ended.
        """
        with self._open("GET", path, None, {}, 30) as answer:
            body, said = _whole(answer.read), answer.headers.get("marie-children")
        with understood():
            lines = [dict(json.loads(line)) for line in body.splitlines()]
            if said is not None and int(said) != len(lines):
                raise ValueError(f"{len(lines)} of {said} children came")
        return lines

    def blob(self, address: str) -> bytes | None:
        """The bytes of a blob, by its `blob:sha256:…` address; None where others came."""
        digest = address.rsplit(":", 1)[1]
        content = self.read("GET", f"/v1/blobs/{digest}")
        return content if hashlib.sha256(content).hexdigest() == digest else None

    def put(self, content: Content) -> dict[str, Any]:
        """Stores bytes, or text as UTF-8; gives the reference of the blob that holds them."""
        data = content.encode() if isinstance(content, str) else bytes(memoryview(content))
        digest = {"marie-sha256": hashlib.sha256(data).hexdigest()}  # others that arrive are refused
        answer = self.read("PUT", "/v1/blobs", data, "application/octet-stream", headers=digest)
        with understood():
            blob = json.loads(answer)
            return {name: blob[name] for name in ("uri", "sha256", "bytes")}

    def _open(
        self, method: str, path: str, body: object, headers: Mapping[str, str], timeout_s: float
    ) -> http.client.HTTPResponse:
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        try:
            named = {**_headers_of_environment(), **({} if data is None else headers)}
        except ValueError as error:  # whoever renews them may do better the next time
            raise ConnectionError(str(error)) from error
        request = urllib.request.Request(self.url + path, data, named, method=method)
        try:
            answer: http.client.HTTPResponse = _whole(lambda: _opener.open(request, timeout=timeout_s))
        except urllib.error.HTTPError as refusal:
            raise _refusal(refusal) from None
        return answer


def _headers_of_environment() -> dict[str, str]:
    """
    What MARIE_HEADERS adds to every request, a line `Name: value` for each header: credentials for a proxy in front of the
    fabric. Read for each request, as a program may renew them. Raises a ValueError, which shows none of it.
    """
    lines = filter(None, map(str.strip, os.environ.get("MARIE_HEADERS", "").split("\n")))
    headers = [re.fullmatch(r"([\w!#$%&'*+.^`|~-]+):[ \t]*([ -~\t]+)", line, re.ASCII) for line in lines]
    found = {header[1].lower(): header[2] for header in headers if header}
    if None in headers:
        raise ValueError("MARIE_HEADERS has a line that is no header, `Name: value`")
    return found


@contextlib.contextmanager
def understood() -> Iterator[None]:
    """Around the reading of an answer: one that is none of the fabric's counts as no answer, which is an OSError."""
    try:
        yield
    except _NOT_UNDERSTOOD as error:
        raise ConnectionError(f"no answer of a fabric: {type(error).__name__}: {error}") from error


def _lines_in(answer: bytes) -> list[bytes]:
    """The messages that a poll was answered with, each as it came: one that can't be read leaves the others readable."""
    lines: list[bytes] = []
    depth, start = 0, 0
    for part in re.finditer(rb'"(?:[^"\\]|\\.)*"|[][{}]', answer):
        if part[0] in (b"{", b"["):
            depth += 1
            start = part.start() if depth == 3 else start
        elif part[0] in (b"}", b"]"):
            if depth == 3:
                lines.append(answer[start : part.end()])
            depth -= 1
    if depth != 0 or not answer.startswith(b'{"messages":['):
        raise ConnectionError(f"no answer of a fabric: {answer[:200]!r}")
    return lines


def _message(line: bytes) -> Message:
    """A message; one that can't be read has the token that a dispatch begins with, or None: then it concerns nobody."""
    try:
        message: Message = json.loads(line)
        if _is_message(message):
            return message
        why = f"no message: {line[:200]!r}"
    except (ValueError, RecursionError) as error:  # no JSON, or deeper than Python reads
        why = str(error)
    head = re.match(rb'{"type":"dispatch","token":"([^"\\]*)"', line)
    return {"type": "unreadable", "token": head and head[1].decode(errors="replace"), "why": why}


def _is_message(message: object) -> bool:
    if not (isinstance(message, dict) and isinstance(message.get("type"), str)):
        return False
    return message["type"] not in ("dispatch", "stop") or isinstance(message.get("token"), str)


def _whole(read: Callable[[], T]) -> T:
    """An answer that breaks off is not always an OSError in Python's http.client: here it is."""
    try:
        return read()
    except http.client.InvalidURL:  # nothing was asked
        raise
    except http.client.HTTPException as error:
        raise ConnectionError(f"the answer broke off: {error!r}") from error


def _refusal(answer: urllib.error.HTTPError) -> Refused:
    seconds = answer.headers.get("retry-after", "")
    retry_after_s = min(float(seconds), _MAX_RETRY_AFTER_S) if re.fullmatch("[0-9]{1,6}", seconds) else None
    with answer:
        body = _whole(answer.read)
    try:
        return Refused(answer.code, json.loads(body), retry_after_s)
    except _NOT_UNDERSTOOD:  # no problem details
        return Refused(answer.code, {}, retry_after_s)
