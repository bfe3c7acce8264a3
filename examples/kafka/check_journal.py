"""Checks the journal of a cell by the reader's rule, and what it must never say. Usage: check_journal.py BROKERS CELL

It shares no code with the fabric: it reads the topic, the schemas and codes.json. Prints one line, and what is wrong."""
import hashlib
import io
import json
import sys
from collections import Counter
from pathlib import Path

from confluent_kafka import OFFSET_BEGINNING, Consumer, TopicPartition
from fastavro import parse_schema, schemaless_reader

brokers, cell = sys.argv[1:]
SCHEMAS = Path(__file__).resolve().parents[2] / "schemas"
CODES = json.loads((SCHEMAS / "codes.json").read_text())
NAMES = {entry["code"]: key.split("@")[0] for key, entry in CODES["events"].items()}
TYPES = {}
for path in sorted(SCHEMAS.rglob("*.avsc")):
    schema = json.loads(path.read_text())
    TYPES[f"{schema['namespace']}.{schema['name']}"] = schema


def whole(node, seen):
    """A schema with everything that it names written out where it is named first."""
    if isinstance(node, str):
        if node not in TYPES or node in seen:
            return node
        seen.add(node)
        return whole(TYPES[node], seen)
    if isinstance(node, list):
        return [whole(part, seen) for part in node]
    return {key: whole(value, seen) if key in ("type", "items", "fields") else value for key, value in node.items()}


READERS = {}


def read(name, data):
    if name not in READERS:
        READERS[name] = parse_schema(whole(f"marie.v1.{name}", set()))
    return schemaless_reader(io.BytesIO(data), READERS[name])


def records(topic):
    consumer = Consumer({"bootstrap.servers": brokers, "group.id": "unused", "enable.auto.commit": False})
    partition = TopicPartition(topic, 0, OFFSET_BEGINNING)
    end = consumer.get_watermark_offsets(partition, timeout=10)[1]
    consumer.assign([partition])
    offset = 0
    while offset < end:
        message = consumer.poll(1.0)
        if message is None:
            continue
        if message.error() is not None:
            sys.exit(str(message.error()))
        offset = message.offset() + 1
        yield message.value()


problems, void = [], Counter()
turn, prev, epoch, at = 0, bytes(32), 0, 0
positions, granted, dispatched, ended = {}, {}, set(), Counter()


def check_event(name, body, number):
    """Leases before dispatches, each token once, one success of a job for each run."""
    if name == "LeaseGranted":
        if granted and body["token"] <= max(granted):
            problems.append(f"turn {number}: token {body['token']} does not rise")
        granted[body["token"]] = number
    elif name == "JobDispatched":
        if granted.get(body["token"]) != number or body["token"] in dispatched:
            problems.append(f"turn {number}: token {body['token']} is dispatched without a lease of its own")
        dispatched.add(body["token"])
    elif name == "JobSucceeded":
        ended[(body["dag"], body["job"])] += 1
        if ended[(body["dag"], body["job"])] > 1:
            problems.append(f"turn {number}: job {body['job']} of DAG {body['dag']} succeeds twice")
    elif name == "JobReopened":
        ended[(body["dag"], body["job"])] = 0


for value in records(f"marie.{cell}.journal"):
    record = read("Turn", value)
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
    for entry in record["entries"]:
        if entry["code"] in NAMES:
            check_event(NAMES[entry["code"]], read(NAMES[entry["code"]], entry["body"]), record["turn"])
    turn, prev, epoch, at = record["turn"], hashlib.sha256(value).digest(), record["epoch"], record["at"]

for problem in problems:
    print(problem)
print(f"{turn} turns, epoch {epoch}, {len(dispatched)} dispatches, {sum(void.values())} void records, {len(problems)} problems")
sys.exit(1 if problems else 0)
