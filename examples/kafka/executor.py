"""An executor that speaks to nobody but the brokers: dispatches come from one topic, callbacks go to another.
Usage: executor.py BROKERS CELL ID CLASS SLOTS [REGISTRY_URL]   SIGTERM gives back what has not ended, and leaves.

What it does with a job is `run`, at the end; the rest is the same for every executor."""
import json
import re
import signal
import sys
import threading
import time
import traceback
import uuid
from concurrent.futures import ThreadPoolExecutor

from catalogue import Files, Registry
from confluent_kafka import KafkaError, Producer
from events import follow

SESSION_MS = 10_000
HEARTBEAT = SESSION_MS / 4000  # seconds
ANSWERS = 10.0  # seconds; who leaves waits so long for the fabric to take the ends of its work
WRITES = """RegisterExecutor Heartbeat AcknowledgeDispatch CompleteJob FailJob ReturnJob
DeregisterExecutor""".split()
READS = """LeaseGranted SlotReclaiming SlotReleased SlotWithdrawn ExecutorRegistered ExecutorLost ExecutorDrained
InputRefused""".split()
TOPICS = ["dispatches", "leases", "slots", "lifecycle", "refusals"]
HEAD = re.compile(rb'{"type":"dispatch","token":"([^"]+(?:\.\d+){4})"')  # what every dispatch begins with


class Executor:
    def __init__(self, brokers, cell, name, executor_class, slots, catalogue):
        self.brokers, self.cell, self.name, self.slots = brokers, cell, name, slots
        self.executor_class, self.catalogue = executor_class, catalogue
        catalogue.learn(WRITES + READS)
        self.incarnation = uuid.uuid4().hex
        self.number = None  # by which events call this executor
        self.held = set()  # tokens of what runs
        # By token: what it is; its slots; whether to stop it; the id of the callback that ended it, until that is taken.
        self.leases, self.sizes, self.stopped, self.ended = {}, {}, {}, {}
        self.withdrawn = set()  # tokens of which nothing was heard in time
        self.sent, self.registration, self.is_asked, self.is_leaving = 0, None, False, False
        self.heartbeat_at, self.is_unregistered = 0, False  # whether it registers in place of its next heartbeat
        self.lock = threading.RLock()
        # One request in flight keeps the order, and what may not have arrived is sent again until it has: repeats are told
        # apart by the fabric. What is large goes alone: a topic that does not take it would refuse the others with it. A
        # broker that is silent, as a machine without power, is given up while the session lasts, for who leads since then.
        self.producer = Producer(
            {
                "bootstrap.servers": brokers,
                "acks": "all",
                "max.in.flight.requests.per.connection": 1,
                "message.timeout.ms": 0,
                "socket.timeout.ms": SESSION_MS // 2,
                "linger.ms": 1,
                "batch.size": 16_384,
            }
        )

    def run_until_told(self):
        self.pool = ThreadPoolExecutor(self.slots)
        try:
            self.serve()
        finally:  # the process ends with the last of its work: what has been left by an error is to stop, too
            for stopped in list(self.stopped.values()):
                stopped.set()

    def serve(self):
        leave_at = None
        heard = follow(self.brokers, self.cell, TOPICS, from_now=True, silence=0.1, patience=SESSION_MS)
        for event in heard:
            if self.registration is None:
                self.register()  # only now: no dispatch can come before it is read
            if event is not None:
                self.take(*event)
            over = {token for token in self.withdrawn if token not in self.held}
            if over:  # what stopped so late has its slot back with a registration only
                self.withdrawn -= over
                self.register()
            if time.monotonic() > self.heartbeat_at:
                if self.is_unregistered:
                    self.register()
                else:
                    self.send("Heartbeat", {"executor": self.name, "incarnation": self.incarnation}, self.name)
                self.heartbeat_at = time.monotonic() + HEARTBEAT
            if self.is_asked and not self.is_leaving:
                self.is_leaving = True
                self.register()  # no control: it may be taken once the next process of this id has registered
            self.producer.poll(0)
            if self.is_leaving and not self.held:
                leave_at = leave_at or time.monotonic() + ANSWERS
                if not self.ended or time.monotonic() > leave_at:
                    break
        if not self.ended:  # else it may be taken before them, and that work is done again; the session runs out, too
            self.send("DeregisterExecutor", {"executor": self.name, "incarnation": self.incarnation}, self.name)
        self.producer.flush(ANSWERS)  # brokers that are gone may be gone for good

    def register(self):
        with self.lock:
            # What has ended may be taken after this, and counts only if its lease goes on until then.
            listed = self.held | self.ended.keys() if self.is_leaving else self.held
            tokens = [token for token in listed if token in self.sizes]
        held = [{"lease": self.leases[token], "slots": self.sizes[token]} for token in tokens]
        offer = {
            "executor": self.name,
            "incarnation": self.incarnation,
            "group": "default",
            "executorClass": self.executor_class,
            "slots": 0 if self.is_leaving else self.slots,  # what came now would go straight back
            "labels": [],
            "sessionMs": SESSION_MS,
            "held": held,
        }
        self.registration, self.is_unregistered = self.send("RegisterExecutor", offer, self.name), False

    def take(self, _topic, headers, _key, value):
        """What concerns this executor of what was decided."""
        schema, own = headers["schema"], headers.get("input-id", "").startswith(self.incarnation)
        if schema == "Dispatch@1":
            if headers["executor"] == self.name:
                self.dispatched(value)
        elif schema == "LeaseGranted@1":
            lease = self.catalogue.unpack("LeaseGranted", value)
            if lease["executor"] == self.number:
                self.leases[lease["token"]] = {name: lease[name] for name in ("dag", "job", "attempt", "token")}
        elif schema == "SlotReclaiming@1":
            self.stop(self.catalogue.unpack("SlotReclaiming", value)["token"])
        elif schema == "SlotReleased@1" or schema == "SlotWithdrawn@1":
            token = self.catalogue.unpack(schema[:-2], value)["token"]
            if schema == "SlotWithdrawn@1" and token in self.leases:
                self.withdrawn.add(token)
            with self.lock:
                for known in (self.leases, self.sizes, self.stopped, self.ended):
                    known.pop(token, None)
        elif schema == "ExecutorRegistered@1":
            number = self.catalogue.unpack("ExecutorRegistered", value)["executor"]
            if headers.get("input-id") == self.registration:
                self.number = number
            elif number == self.number and not own:
                sys.exit("another process has registered under this id")
        elif schema == "ExecutorLost@1" and self.catalogue.unpack("ExecutorLost", value)["executor"] == self.number:
            # Its session has run out: it was not heard for too long. It registers in a while, when it has read what came
            # meanwhile: if another process has its id by now, the two would end each other.
            self.is_unregistered, self.heartbeat_at = True, time.monotonic() + HEARTBEAT
        elif schema == "ExecutorDrained@1" and self.catalogue.unpack("ExecutorDrained", value)["executor"] == self.number:
            self.is_leaving = True
        elif schema == "InputRefused@1" and own:
            self.refused(self.catalogue.unpack("InputRefused", value), headers["input-id"])

    def refused(self, refusal, input_id):
        code, details = refusal["code"], "; ".join(problem["detail"] for problem in refusal["problems"])
        if code == "unknown-executor":
            self.register()
        elif code == "executor-busy":
            self.is_unregistered = True
        elif code == "stale-incarnation":
            pass  # its session ran out, or another process has its id: the events of its number say which
        elif code == "stale-token":  # the lease was over: nobody waits for that any more
            for token in self.ended_by(input_id):
                del self.ended[token]
        else:
            print("refused", code, details, flush=True)
            self.end_otherwise(self.ended_by(input_id), code, details)

    def ended_by(self, input_id):
        with self.lock:
            return [token for token, end in self.ended.items() if end == input_id]

    def end_otherwise(self, tokens, code, message):
        """An output that can't be taken: without another end the job would stay here for ever."""
        for token in tokens:
            self.end("FailJob", self.leases[token], {"code": code, "message": message, "retryable": False})

    def delivered(self, error, input_id):
        """Brokers that are away are waited for: what they refuse is for good."""
        if error is None:
            return
        tokens = self.ended_by(input_id)
        if error.code() != KafkaError.MSG_SIZE_TOO_LARGE or not tokens:
            sys.exit(f"not written: {error}")  # the session runs out, and others get its jobs
        self.end_otherwise(tokens, error.name(), error.str())

    def dispatched(self, value):
        head = HEAD.match(value or b"")
        if head is None:
            return  # anybody may write there: it is no dispatch of a fabric
        try:
            dispatch = json.loads(value)
        except (ValueError, RecursionError) as error:  # no JSON, or deeper than Python reads
            lease = lease_of(head[1].decode())
            self.leases[lease["token"]] = lease
            rest = {"code": "dispatch-unreadable", "message": str(error)[:1000], "retryable": False}
            self.end("FailJob", lease, rest)  # for good: it would be the same again
        else:
            self.start(dispatch)

    def start(self, dispatch):
        lease = lease_of(dispatch["token"])
        dag, token = lease["dag"], lease["token"]
        self.leases[token] = lease
        if self.is_leaving:
            self.send("ReturnJob", {"lease": lease, "reason": "the executor is leaving"}, str(dag))
            return
        stopped = self.stopped[token] = threading.Event()
        self.sizes[token] = dispatch["slots"]
        with self.lock:
            self.held.add(token)
        self.pool.submit(self.work, dispatch, lease, stopped)

    def work(self, dispatch, lease, stopped):
        try:
            if self.is_leaving or stopped.is_set():
                name, rest = "ReturnJob", {"reason": "it had not started"}
            else:
                self.send("AcknowledgeDispatch", {"lease": lease}, str(lease["dag"]))
                output = run(dispatch, stopped)
                name, rest = "CompleteJob", {"output": json.dumps(output).encode()}
            self.end(name, lease, rest)  # an output too large for the brokers is refused here
        except BaseException as error:  # SystemExit, too: a job of which nothing is said is held for ever
            self.end("FailJob", lease, {"code": type(error).__name__, "message": described(error), "retryable": True})
        finally:
            with self.lock:
                self.held.discard(lease["token"])

    def end(self, name, lease, rest):
        with self.lock:  # it is noted before anybody looks for what became of it
            self.ended[lease["token"]] = self.send(name, {"lease": lease, **rest}, str(lease["dag"]))

    def stop(self, token):
        """The fabric waits for the slot: its lease is over. What the work comes to does not count, but frees it."""
        if token in self.held:
            self.stopped[token].set()
        elif token in self.leases:
            lease = self.leases[token]
            self.send("ReturnJob", {"lease": lease, "reason": "it does not run here"}, str(lease["dag"]))

    def send(self, name, body, key):
        with self.lock:
            self.sent += 1
            input_id = f"{self.incarnation}/{self.sent}"
        headers = {"content-type": "application/avro", "schema": f"{name}@1", "input-id": input_id}
        value = self.catalogue.pack(name, body)
        told = lambda error, _message: self.delivered(error, input_id)
        self.producer.produce(f"marie.{self.cell}.callbacks", key=key, value=value, headers=headers, on_delivery=told)
        return input_id


def described(error):
    """An exception as text that the fabric takes: UTF-8, which the name of a file need not have, and not too long."""
    text = "".join(traceback.format_exception_only(type(error), error)).strip()
    return text.encode(errors="replace").decode()[:1000]


def lease_of(token):
    dag, job, attempt, number = map(int, token.rsplit(".", 4)[1:])
    return {"dag": dag, "job": job, "attempt": attempt, "token": number}


def run(dispatch, stopped):
    """The work: the words of a text, each text of a fan-out, and the job's own name where there is no text."""
    text = dispatch.get("item") or dispatch["inputs"].get("text")
    if not isinstance(text, str):
        return {"job": dispatch["job"]}
    return {"lines": text.split("\n"), "words": len(text.split())}


def main(brokers, cell, name, executor_class, slots, *registry):
    """Executes until it is told to end."""
    catalogue = Registry(*registry) if registry else Files()
    executor = Executor(brokers, cell, name, executor_class, int(slots), catalogue)
    signal.signal(signal.SIGTERM, lambda *_: setattr(executor, "is_asked", True))
    executor.run_until_told()


if __name__ == "__main__":
    main(*sys.argv[1:])
