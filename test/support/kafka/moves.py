"""Follows a topic from now on while another broker comes to lead its partition: says from where on. Usage: moves.py EXAMPLES"""
import sys
from types import SimpleNamespace

sys.path.insert(0, sys.argv[1])
import events  # noqa: E402
from confluent_kafka import KafkaError, KafkaException  # noqa: E402

OTHER = KafkaException(KafkaError(KafkaError.NOT_LEADER_FOR_PARTITION))
answers = [OTHER, OTHER, (0, 7)]


class Moving:
    def list_topics(self, topic, timeout):
        return SimpleNamespace(topics={topic: SimpleNamespace(error=None, partitions={0: None})})

    def get_watermark_offsets(self, partition, timeout):
        answer = answers.pop(0)
        if answer is OTHER:
            raise answer
        return answer

    def assign(self, partitions):
        print("from", *(partition.offset for partition in partitions))


events.time.sleep = lambda _seconds: None
events.reader = lambda *_given: Moving()
next(events.follow("127.0.0.1:1", "none", ["lifecycle"], from_now=True))
