"""Checks a journal of a cell that goes on: a dispatch is published once its end was asked for. Usage: checks.py EXAMPLES"""
import runpy
import sys

sys.path.insert(0, sys.argv[1])
import events  # noqa: E402

asked = []


class Published:
    """Reads whatever partition it is told to, which has one dispatch of a turn that came too late."""

    def assign(self, _partitions):
        pass

    def poll(self, _seconds):
        return self

    def error(self):
        return None

    def offset(self):
        return 0

    def headers(self):
        return [("turn", b"9"), ("index", b"3"), ("schema", b"Dispatch@1")]

    def close(self):
        pass


def end_of(_consumer, partition):
    asked.append(partition.topic)
    return 1 if partition.topic == "marie.c.dispatches" and "marie.c.journal" in asked else 0


events.reader, events.partitions_of, events.end_of = lambda _brokers: Published(), lambda *_: {0}, end_of
sys.argv[1:] = ["nowhere", "c"]
runpy.run_path(f"{sys.path[0]}/check_journal.py")
