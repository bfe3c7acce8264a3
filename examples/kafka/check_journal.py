"""Checks the journal of a cell by the reader's rule, what it must never say, and that nothing was published that it
does not say. Usage: check_journal.py BROKERS CELL [ACKNOWLEDGED [DISPATCHED]]

ACKNOWLEDGED is a file of submissions that were answered, a DAG's id and a turn in each line: all must be there, and have
ended. DISPATCHED is a file of the tokens that executors were given: all must have been dispatched by a turn.

It shares no code with the fabric: it reads the topics, the schemas and codes.json. Prints one line, and what is wrong."""
import hashlib
import io
import json
import sys
from collections import Counter
from pathlib import Path

from catalogue import SCHEMAS, Files
from confluent_kafka import OFFSET_BEGINNING, TopicPartition
from events import end_of, partitions_of, reader
from fastavro import schemaless_reader

brokers, cell, *files = sys.argv[1:]
CODES = json.loads((SCHEMAS / "codes.json").read_text())
NAMES = {entry["code"]: key.split("@")[0] for key, entry in CODES["events"].items()}
SUBMIT = CODES["inputs"]["SubmitDag@1"]["code"]
ENDS = ("JobSucceeded", "JobFailed", "JobTimedOut")
FILES = Files()


def read(name, data):
    """One record of a stream of bytes."""
    return schemaless_reader(data, FILES.schema(name))


def records(topic):
    """All records that the topic has now, partition by partition."""
    consumer = reader(brokers)
    for number in sorted(partitions_of(consumer, topic)):
        partition = TopicPartition(topic, number, OFFSET_BEGINNING)
        end = end_of(consumer, partition)
        consumer.assign([partition])
        offset = 0
        while offset < end:
            message = consumer.poll(1.0)
            if message is None:
                continue
            if message.error() is not None:
                sys.exit(str(message.error()))
            offset = message.offset() + 1
            yield message
    consumer.close()


def lines(index):
    """The lines of a file that was named, each as its words."""
    return [line.split() for line in Path(files[index]).read_text().splitlines()] if len(files) > index else []


problems, void = [], Counter()
turn, prev, epoch, at = 0, bytes(32), 0, 0
positions, granted, dispatched, places, last_token = {}, {}, set(), set(), -1
succeeded, ends, accepted, done = Counter(), Counter(), {}, set()


def check_event(name, body, place):
    """Leases before dispatches, tokens rise, one end of each attempt and one success of a job for each run."""
    global last_token
    number = place[0]
    if name == "LeaseGranted":
        if body["token"] <= last_token:
            problems.append(f"turn {number}: token {body['token']} does not rise")
        last_token = body["token"]
        granted[last_token] = (number, f"{cell}.{body['dag']}.{body['job']}.{body['attempt']}.{last_token}")
    elif name == "JobDispatched":
        granted_in, lease = granted.pop(body["token"], (None, None))
        if granted_in != number:
            problems.append(f"turn {number}: token {body['token']} is dispatched without a lease of its own")
        dispatched.add(lease)
        places.add(place)
    elif name == "JobReopened":
        succeeded[(body["dag"], body["job"])] = 0
    elif name in ("DagSucceeded", "DagFailed", "DagCancelled"):
        done.add(body["dag"])
    if name == "JobSucceeded":
        succeeded[(body["dag"], body["job"])] += 1
        if succeeded[(body["dag"], body["job"])] > 1:
            problems.append(f"turn {number}: job {body['job']} of DAG {body['dag']} succeeds twice")
    if name in ENDS and body["attempt"] > 0:
        attempt = (body["dag"], body["job"], body["attempt"])
        ends[attempt] += 1
        if ends[attempt] > 1:
            problems.append(f"turn {number}: attempt {attempt} ends twice")


def check_entries(entries, number):
    """Events, and which submissions they accept: a submission's events name it by its index."""
    submitted = {}
    for index, entry in enumerate(entries):
        body = io.BytesIO(entry["body"])
        if entry["code"] == SUBMIT:
            read("Envelope", body)
            submitted[index] = read("SubmitDag", body)["dagId"]
        elif entry["code"] in NAMES:
            name, event = NAMES[entry["code"]], read(NAMES[entry["code"]], body)
            if name == "DagAccepted":
                accepted[submitted[entry["cause"]]] = (number, event["dag"])
            check_event(name, event, (number, index))


# Before the journal: a cell that goes on meanwhile has the turns of these in it, and publishes more.
published = []
for message in records(f"marie.{cell}.dispatches"):
    headers = {name: value.decode() for name, value in message.headers()}
    if headers["schema"] in ("JobDispatched@1", "Dispatch@1"):
        published.append((int(headers["turn"]), int(headers["index"])))

for message in records(f"marie.{cell}.journal"):
    value = message.value()
    record = read("Turn", io.BytesIO(value))
    if record["epoch"] < epoch or record["turn"] <= turn:
        void["stale epoch" if record["epoch"] < epoch else "seen turn"] += 1
        continue
    if record["turn"] != turn + 1 or record["prev"] != prev or record["at"] < at or record["cell"] != cell:
        problems.append(f"turn {record['turn']} does not chain on turn {turn}")
        break
    for source in record["inputs"]:
        key = (source["source"], source["partition"])
        if source["from"] != positions.get(key, 0) or source["to"] < source["from"]:
            problems.append(f"turn {record['turn']}: inputs of {key} begin at {source['from']}")
        positions[key] = source["to"]
    check_entries(record["entries"], record["turn"])
    turn, prev, epoch, at = record["turn"], hashlib.sha256(value).digest(), record["epoch"], record["at"]

for place in published:
    if place not in places:
        problems.append(f"a dispatch is published as event {place[1]} of turn {place[0]}, which is none")
for dag_id, in_turn in lines(0):
    taken, dag = accepted.get(dag_id, (None, None))
    if taken != int(in_turn):
        problems.append(f"{dag_id} was acknowledged at turn {in_turn}, and accepted at {taken}")
    elif dag not in done:
        problems.append(f"{dag_id} has not ended")
for (token,) in lines(1):
    if token not in dispatched:
        problems.append(f"an executor was given {token}, which no turn has dispatched")

for problem in problems:
    print(problem)
counts = f"{turn} turns, epoch {epoch}, {len(accepted)} DAGs, {len(dispatched)} dispatches"
print(f"{counts}, {sum(void.values())} void records, {len(problems)} problems")
sys.exit(1 if problems else 0)
