"""Submits a DAG by writing it to the topic, as JSON. Usage: submit.py BROKERS CELL FILE [INPUT_ID]

Prints the position of the record. The DAG is accepted when `DagAccepted` for it is on the lifecycle topic."""
import sys

from confluent_kafka import Producer

brokers, cell, file, *rest = sys.argv[1:]
headers = {"content-type": "application/json"}
if rest:
    headers["input-id"] = rest[0]

with open(file, "rb") as source:
    submission = source.read()


def written(error, message):
    if error is not None:
        sys.exit(f"not written: {error}")
    print(f"{message.topic()}/{message.partition()}/{message.offset()}")


producer = Producer({"bootstrap.servers": brokers, "acks": "all"})
producer.produce(f"marie.{cell}.submissions", submission, headers=headers, on_delivery=written)
producer.flush()
