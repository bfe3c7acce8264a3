"""What consumers share: the records of some topics of a cell, each once."""
import sys
import time

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaException, TopicPartition

REMEMBERED = 100_000  # records by which a repeat is told; a new leader repeats the last few
LOOK_EVERY = 5.0  # seconds; what is written to a partition that was added waits so long at most
TRIES = 10


def reader(brokers, patience=60_000):
    """Reads partitions that are assigned to it. No group: positions are its own. Where brokers have dropped what stands
    at one, that is an error: by default it would go on at the end, and leave out what is there. A broker that is silent
    for so many ms is given up for the one that leads since then; a long answer has to be there by then, too."""
    own = {"group.id": "unused", "enable.auto.commit": False, "auto.offset.reset": "error", "socket.timeout.ms": patience}
    return Consumer({"bootstrap.servers": brokers, **own})


def patiently(topic, ask):
    """Asks again for a while: a broker may hear late of a topic, or that it leads a partition since another one ends."""
    for _ in range(TRIES):
        try:
            return ask()
        except KafkaException as error:
            failed = error.args[0]
        time.sleep(0.5)
    sys.exit(f"{topic}: {failed}")


def partitions_of(consumer, topic):
    """The numbers of a topic's partitions. One that nobody has made is an error."""

    def look():
        known = consumer.list_topics(topic, timeout=10).topics[topic]
        if known.error is not None:
            raise KafkaException(known.error)
        return set(known.partitions)

    return patiently(topic, look)


def end_of(consumer, partition):
    """The position after its last record."""
    return patiently(partition.topic, lambda: consumer.get_watermark_offsets(partition, timeout=10)[1])


def read_added(consumer, known):
    """Reads partitions that were added to topics, from their beginning: they were empty a moment ago."""
    for topic, numbers in known.items():
        try:
            now = set(consumer.list_topics(topic, timeout=1).topics[topic].partitions)
        except KafkaException:
            return  # brokers that are away are asked again at the next look
        for number in sorted(now - numbers):
            consumer.incremental_assign([TopicPartition(topic, number, OFFSET_BEGINNING)])
            numbers.add(number)


def follow(brokers, cell, topics, from_now=False, silence=1.0, patience=60_000):
    """Yields (topic, headers, key, value) for ever, from the beginning or from now on, and None after so many seconds
    in which nothing came. A repeat is told by (cell, turn, index, schema) and left out."""
    consumer = reader(brokers, patience)
    known = {topic: partitions_of(consumer, topic) for topic in (f"marie.{cell}.{name}" for name in topics)}
    partitions = [TopicPartition(topic, number, OFFSET_BEGINNING) for topic in known for number in known[topic]]
    if from_now:
        for partition in partitions:
            partition.offset = end_of(consumer, partition)
    consumer.assign(partitions)
    yield None  # everything that comes from here on will be seen
    seen = {}
    look_at = time.monotonic() + LOOK_EVERY
    while True:
        if time.monotonic() > look_at:
            read_added(consumer, known)
            look_at = time.monotonic() + LOOK_EVERY
        message = consumer.poll(silence)
        if message is None:
            yield None
            continue
        if message.error() is not None:
            sys.exit(str(message.error()))
        headers = {name: value.decode() for name, value in message.headers()}
        place = (headers["turn"], headers.get("index"), headers["schema"])
        if place in seen:
            continue
        seen[place] = True
        if len(seen) > REMEMBERED:
            del seen[next(iter(seen))]
        yield message.topic().rsplit(".", 1)[1], headers, message.key().decode(), message.value()


def events(brokers, cell, topics):
    """Yields (topic, headers, key, value) for ever, from the beginning."""
    return (event for event in follow(brokers, cell, topics) if event is not None)
