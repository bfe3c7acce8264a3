"""What consumers share: the records of some topics of a cell, each once."""
import sys

from confluent_kafka import OFFSET_BEGINNING, Consumer, TopicPartition

REMEMBERED = 100_000  # records by which a repeat is told; a new leader repeats the last few


def follow(brokers, cell, topics, from_now=False, silence=1.0):
    """Yields (topic, headers, key, value) for ever, from the beginning or from now on, and None after so many seconds
    in which nothing came. A repeat is told by (cell, turn, index) and left out. No group: positions are its own."""
    consumer = Consumer({"bootstrap.servers": brokers, "group.id": "unused", "enable.auto.commit": False})
    partitions = []
    for name in topics:
        topic = f"marie.{cell}.{name}"
        known = consumer.list_topics(topic, timeout=10).topics[topic]
        partitions += [TopicPartition(topic, partition, OFFSET_BEGINNING) for partition in known.partitions]
    if from_now:
        for partition in partitions:
            partition.offset = consumer.get_watermark_offsets(partition, timeout=10)[1]
    consumer.assign(partitions)
    yield None  # everything that comes from here on will be seen
    seen = {}
    while True:
        message = consumer.poll(silence)
        if message is None:
            yield None
            continue
        if message.error() is not None:
            sys.exit(str(message.error()))
        headers = {name: value.decode() for name, value in message.headers()}
        place = (headers["turn"], headers["index"], headers["schema"])
        if place in seen:
            continue
        seen[place] = True
        if len(seen) > REMEMBERED:
            del seen[next(iter(seen))]
        yield message.topic().rsplit(".", 1)[1], headers, message.key().decode(), message.value()


def events(brokers, cell, topics):
    """Yields (topic, headers, key, value) for ever, from the beginning."""
    return (event for event in follow(brokers, cell, topics) if event is not None)
