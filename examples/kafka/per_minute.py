"""Counts lifecycle events per minute until a DAG has ended. Usage: per_minute.py BROKERS CELL DAG_ID"""
import sys
from collections import Counter
from datetime import datetime, timezone

from events import events

brokers, cell, dag_id = sys.argv[1:]
ENDS = {"DagSucceeded@1", "DagFailed@1", "DagCancelled@1"}

counts = Counter()
for _topic, headers, _key, _value in events(brokers, cell, ["lifecycle", "refusals"]):
    counts[(int(headers["at-ms"]) // 60_000, headers["schema"])] += 1
    if headers["schema"] in ENDS and headers.get("dag-id") == dag_id:
        break
for (minute, schema), count in sorted(counts.items()):
    print(datetime.fromtimestamp(minute * 60, timezone.utc).strftime("%Y-%m-%dT%H:%MZ"), schema, count)
print("ended", headers["schema"])
