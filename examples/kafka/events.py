"""What the consumers share: every record of some topics of a cell, once, from the beginning."""
import sys

from confluent_kafka import OFFSET_BEGINNING, Consumer, TopicPartition


def events(brokers, cell, topics):
    """Yields (topic, headers, key, value) for ever; a repeat is told by (cell, turn, index) and left out."""
    consumer = Consumer({"bootstrap.servers": brokers, "group.id": "unused", "enable.auto.commit": False})
    partitions = []
    for name in topics:
        topic = f"marie.{cell}.{name}"
        known = consumer.list_topics(topic, timeout=10).topics[topic]
        partitions += [TopicPartition(topic, partition, OFFSET_BEGINNING) for partition in known.partitions]
    consumer.assign(partitions)
    seen = set()
    while True:
        message = consumer.poll(1.0)
        if message is None:
            continue
        if message.error() is not None:
            sys.exit(str(message.error()))
        headers = {name: value.decode() for name, value in message.headers()}
        place = (headers["turn"], headers["index"], headers["schema"])
        if place in seen:
            continue
        seen.add(place)
        yield message.topic().rsplit(".", 1)[1], headers, message.key().decode(), message.value()
