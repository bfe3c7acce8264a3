"""Joins slots to leases by their token: how long each executor's slots were occupied, and why each lease ended.
Usage: occupancy.py BROKERS CELL LEASES (stops after so many)"""
import io
import json
import sys
from pathlib import Path

from events import events
from fastavro import parse_schema, schemaless_reader

brokers, cell, wanted = sys.argv[1], sys.argv[2], int(sys.argv[3])
SCHEMAS = Path(__file__).resolve().parents[2] / "schemas" / "events"


def reader(name):
    """Reads one event: its schema is a file, and 10 bytes (single-object encoding) stand before the record."""
    schema = parse_schema(json.loads((SCHEMAS / f"{name}.avsc").read_text()))
    return lambda value: schemaless_reader(io.BytesIO(value[10:]), schema)


reserved, lease_released = reader("SlotReserved"), reader("LeaseReleased")
slots, reasons, done = {}, {}, set()
for _topic, headers, token, value in events(brokers, cell, ["slots", "leases"]):
    at = int(headers["at-ms"])
    if headers["schema"] == "SlotReserved@1":
        slots.setdefault(token, {}).update(executor=reserved(value)["executor"], reserved=at)
    elif headers["schema"] == "SlotReleased@1":
        slots.setdefault(token, {})["released"] = at
    elif headers["schema"] == "LeaseReleased@1":
        reasons[token] = lease_released(value)["reason"]
    slot = slots.get(token, {})
    if token in done or token not in reasons or not {"reserved", "released"} <= slot.keys():
        continue
    done.add(token)
    print(f"token {token} executor {slot['executor']} {slot['released'] - slot['reserved']} ms {reasons[token]}")
    if len(done) == wanted:
        break
