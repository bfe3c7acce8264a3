"""One attempt of one job: what `run` gets."""

from __future__ import annotations

import builtins
import copyreg
import json
import logging
import re
import threading
from typing import Any, Callable, Iterable, Iterator, TypeVar

from .callbacks import Callback, progress
from .link import Content, Link, Message, Refused

log = logging.getLogger("marie")

T = TypeVar("T")

MAX_OUTPUT_BYTES = 256 * 1024  # a larger output goes to a blob
MAX_DEPTH = 64  # of an output; a blob may be nested deeper
MAX_DAMAGED = 5  # answers with other bytes than those of a blob, of a proxy or a disk, until an attempt fails
MAX_UNITS = 2**31 - 1  # that an attempt can report


class JobFailed(Exception):
    """Raised by `run` to fail its attempt with a code that the job's retry policy can name."""

    def __init__(self, code: str, message: object, retryable: bool = True) -> None:
        super().__init__(message)
        self.code, self.retryable = code, retryable

    def __reduce__(self) -> tuple[Any, ...]:
        """As one process tells another, as those of a pool: made again as it is, without another call of `__init__`."""
        return copyreg.__newobj__, (type(self), *self.args), self.__dict__  # type: ignore[attr-defined]


class JobStopped(Exception):
    """Raised where a job asks whether it should go on, and nobody needs it any more."""


def until_answered(ask: Callable[[], T], is_wanted: Callable[[], bool], pause: Callable[[float], object]) -> T:
    """
    Asks the fabric until it answers for good; `pause(seconds)` waits in between. Raises JobStopped when it is not wanted
    any more: until then nobody else does this job.
    """
    while is_wanted():
        try:
            return ask()
        except Refused as refusal:
            if refusal.is_decided:
                raise
            why: Exception = refusal
            pause_s = refusal.retry_after_s or 0.5
        except OSError as error:
            why, pause_s = error, 0.5
        log.warning("a blob or a collection is asked for again: %s", why)
        pause(pause_s)
    raise JobStopped()


class Job:
    """
    An attempt as it was dispatched. Of a fan-out's child, `index` is its place, `count` how many there are and `item`
    its element; else they are None.
    """

    def __init__(
        self,
        dispatch: Message,
        history: str | None,
        reign: str | None,
        link: Link,
        report: Callable[[Callback], None],
    ) -> None:
        self.token: str = dispatch["token"]
        self.slots: int = dispatch["slots"]
        self.attempt: int = dispatch["attempt"]
        self.tenant: str = dispatch["tenant"]
        self.dag_id: str = dispatch["dagId"]
        self.name: str = dispatch["job"]
        self.index: int | None = dispatch["child"]
        self.count: int | None = dispatch["childCount"]
        self.item: Any = dispatch.get("item")
        self.inputs: dict[str, Any] = dispatch["inputs"]
        self.timeout_ms: int | None = dispatch["timeoutMs"]
        self.history, self.reign = history, reign  # the fabric's, in which the token means this lease
        self.turn: int | None = dispatch.get("turn")  # the last that the fabric had made by then
        self.units_used: int | None = None  # of the rates of its class
        self.stop = threading.Event()  # set when the work should end
        self.stopped_since: float | None = None  # since when the fabric may have said so, by the monotonic clock
        self.ended = False  # its terminal callback is on its way
        self._link, self._report = link, report

    def must_stop(self, heard_at: float) -> None:
        """The fabric said that its lease is over; until `heard_at` it had not."""
        self.may_stop_since(heard_at)
        self.stop.set()

    def may_stop_since(self, heard_at: float) -> None:
        """Until `heard_at` the fabric had not said that its lease is over."""
        if self.stopped_since is None:
            self.stopped_since = heard_at

    def go_on(self) -> None:
        """Call it now and then in long work. Raises JobStopped when the lease is over or the process drains."""
        if self.stop.is_set():
            raise JobStopped()

    def progress(self, permille: int, message: str | None = None) -> None:
        """Says how far it is, from 0 to 1000."""
        if not self.ended:
            self._report(progress(self.token, permille, message))

    def input(self, name: str) -> Any:
        """An input's value; one that was too large to stand in the dispatch is fetched."""
        value: Any = self.inputs.get(name)
        if not (isinstance(value, dict) and "blob" in value and set(value) <= {"blob", "at"}):
            return value
        return _pointed_at(json.loads(self.blob(value["blob"])), value.get("at", ""))

    def bytes(self, name: str) -> builtins.bytes:
        """The bytes of an input that is a file: `{"uri": "blob:sha256:…"}`."""
        return self.blob(self.inputs[name])

    def blob(self, ref: str | dict[str, Any]) -> builtins.bytes:
        """The bytes of a file: of an address (`blob:sha256:…`), or of what has one as its `uri`, such as an item."""
        address: str = ref if isinstance(ref, str) else ref["uri"]
        if not re.fullmatch("blob:sha256:[0-9a-f]{64}", address):
            raise JobFailed("not-a-blob", f"{address} is not the address of a blob (blob:sha256:…)", retryable=False)
        for _ in range(MAX_DAMAGED):
            content = self._insist(lambda: self._link.blob(address))
            if content is not None:
                return content
            log.warning("%s came damaged", address)
            self.stop.wait(0.5)
        raise JobFailed("blob-damaged", f"the bytes that came for {address} have another digest")

    def put(self, content: Content) -> dict[str, Any]:
        """
        Keeps bytes, or text as UTF-8, as a file, up to 256 MiB: gives `{"uri", "sha256", "bytes"}`. Put the `uri` into
        the output.
        """
        return self._insist(lambda: self._link.put(content))

    def use_units(self, units: int) -> None:
        """Adds to the units (tokens, pages, calls) that this attempt used, for classes with rates; a whole number."""
        used = self.units_used or 0
        if not isinstance(units, int) or not 0 <= units <= MAX_UNITS - used:
            raise JobFailed("bad-units", f"{units!r} units can't be added", retryable=False)
        self.units_used = used + units

    def children(self, name: str) -> Iterator[dict[str, Any]]:
        """The children of the fan-out that an input names: dictionaries with index, state and output, page by page."""
        collection = self.inputs[name]["collection"]
        if not re.fullmatch(r"/v1/dags/[^/]+/jobs/[^/]+/children(\?.*)?", collection["uri"]):
            # A submission may hold one: `.elsewhere/`, behind an address, is another host, which would get MARIE_HEADERS.
            raise JobFailed("not-a-collection", f"{collection['uri']} is no path of children", retryable=False)
        join = "&" if "?" in collection["uri"] else "?"
        for start in range(0, collection["count"], 1_000):
            path = f"{collection['uri']}{join}from={start}&limit=1000"
            for child in self._insist(lambda: self._link.read_lines(path)):
                if "blob" in child:
                    child["output"] = json.loads(self.blob(child.pop("blob")))
                yield child

    def _insist(self, ask: Callable[[], T]) -> T:
        return until_answered(ask, lambda: not self.stop.is_set(), self.stop.wait)


def written(output: object) -> bytes:
    """
    An output as JSON. Raises JobFailed where it has none, or where one that needs no blob is nested deeper than the
    fabric takes: another attempt would give the same.
    """
    try:
        text = json.dumps(output, allow_nan=False).encode()
        if len(text) > MAX_OUTPUT_BYTES or text.count(b"[") + text.count(b"{") <= MAX_DEPTH or not _is_too_deep(output):
            return text
        code, why = "output-too-deep", f"it is nested deeper than {MAX_DEPTH}"
    except RecursionError:  # what holds itself is a ValueError
        code, why = "output-too-deep", "it is nested deeper than Python writes"
    except (TypeError, ValueError) as error:
        code, why = "output-not-json", str(error)
    raise JobFailed(code, f"the output can't be sent as JSON: {why}", retryable=False)


def _is_too_deep(value: object) -> bool:
    """Goes down level by level: a call for each would meet Python's own limit, at outputs that it can write."""
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [part for outer in level for part in _parts(outer)]
    return any(isinstance(part, (dict, list, tuple)) for part in level)


def _parts(value: Any) -> Iterable[Any]:
    return value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ()


def _pointed_at(value: Any, pointer: str) -> Any:
    """What a JSON pointer (RFC 6901) names in a value; None where there is nothing."""
    for part in pointer.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        if isinstance(value, list) and re.fullmatch("0|[1-9][0-9]{0,9}", key) and int(key) < len(value):
            value = value[int(key)]
        elif isinstance(value, dict) and key in value:
            value = value[key]
        else:
            return None
    return value
