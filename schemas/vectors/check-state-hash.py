#!/usr/bin/env python3
"""Checks state-hash.json with an independent implementation (Python 3, standard library only).

Usage: python3 check-state-hash.py [FILE]. Prints what it checked; exit code 1 at the first difference.
"""
import json
import pathlib
import struct
import sys

from murmur3 import M32, fmix, murmur3_x86_128

M128 = (1 << 128) - 1


def mix(table, key_a, key_b, field, value):
    data = struct.pack("<IQIIqI", table, key_a, key_b, field, value, 0)
    assert len(data) == 32
    return int.from_bytes(struct.pack(">4I", *murmur3_x86_128(data)), "big")


def jitter(dag_seq, job, attempt, span):
    a = (dag_seq & M32) ^ fmix(dag_seq >> 32)
    return fmix(fmix(fmix(a) ^ job) ^ attempt) % max(1, span)


def utf8(units):
    """UTF-16 code units as UTF-8 bytes, lone surrogates as U+FFFD."""
    out, i = [], 0
    while i < len(units):
        u = units[i]
        i += 1
        if 0xD800 <= u <= 0xDBFF and i < len(units) and 0xDC00 <= units[i] <= 0xDFFF:
            out.append(chr(0x10000 + ((u - 0xD800) << 10) + units[i] - 0xDC00))
            i += 1
        else:
            out.append("\ufffd" if 0xD800 <= u <= 0xDFFF else chr(u))
    return "".join(out).encode("utf-8")


def expect(what, got, wanted):
    if got != wanted:
        sys.exit("%s: computed %s, the file says %s" % (what, got, wanted))


def main():
    default = pathlib.Path(__file__).with_name("state-hash.json")
    vectors = json.loads(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else default).read_text("utf-8"))
    for v in vectors["mixes"]:
        got = mix(v["table"], v["keyA"], v["keyB"], v["field"], v["value"])
        expect("mix %r" % v, "%032x" % got, v["mix"])
    for v in vectors["sums"]:
        got = sum(mix(f["table"], f["keyA"], f["keyB"], f["field"], f["value"]) for f in v["fields"]) & M128
        expect("sum %r" % v["name"], "%032x" % got, v["sum"])
    for v in vectors["digests"]:
        units = v["units"] if "units" in v else memoryview(v["text"].encode("utf-16-le")).cast("H").tolist()
        h = murmur3_x86_128(utf8(units * v.get("repeat", 1)))
        expect("digest key %r" % v, h[0] << 21 | h[1] >> 11, v["key"])
        expect("digest check %r" % v, h[2], v["check"])
    for v in vectors["jitters"]:
        expect("jitter %r" % v, jitter(v["dagSeq"], v["job"], v["attempt"], v["spanMs"]), v["jitterMs"])
    print("state hash vectors: " + ", ".join("%d %s" % (len(vectors[k]), k) for k in ("mixes", "sums", "digests", "jitters")))


if __name__ == "__main__":
    main()
