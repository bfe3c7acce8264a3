"""Joins slots to leases by their token: how long each executor's slots were occupied, and why each lease ended.
Usage: occupancy.py BROKERS CELL LEASES (stops after so many)"""
import sys

from catalogue import Files
from events import events

brokers, cell, wanted = sys.argv[1], sys.argv[2], int(sys.argv[3])
read = Files().unpack
slots, reasons, done = {}, {}, set()
for _topic, headers, token, value in events(brokers, cell, ["slots", "leases"]):
    at = int(headers["at-ms"])
    if headers["schema"] == "SlotReserved@1":
        slots.setdefault(token, {}).update(executor=read("SlotReserved", value)["executor"], reserved=at)
    elif headers["schema"] == "SlotReleased@1":
        slots.setdefault(token, {})["released"] = at
    elif headers["schema"] == "LeaseReleased@1":
        reasons[token] = read("LeaseReleased", value)["reason"]
    slot = slots.get(token, {})
    if token in done or token not in reasons or not {"reserved", "released"} <= slot.keys():
        continue
    done.add(token)
    print(f"token {token} executor {slot['executor']} {slot['released'] - slot['reserved']} ms {reasons[token]}")
    if len(done) == wanted:
        break
