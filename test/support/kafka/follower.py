"""Says what comes on a topic of a cell, from the beginning, by its keys. Usage: follower.py EXAMPLES BROKERS CELL TOPIC"""
import sys

examples, brokers, cell, topic = sys.argv[1:]
sys.path.insert(0, examples)
from events import follow  # noqa: E402

for event in follow(brokers, cell, [topic], silence=0.1):
    print("nothing" if event is None else event[2], flush=True)
