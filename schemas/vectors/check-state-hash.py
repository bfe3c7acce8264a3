#!/usr/bin/env python3
"""Checks state-hash.json with an independent implementation (Python 3, standard library only).

Usage: python3 check-state-hash.py [FILE]. Prints what it checked; exit code 1 at the first difference.
"""
import json
import pathlib
import struct
import sys

M32 = 0xFFFFFFFF
M128 = (1 << 128) - 1


def rotl(x, n):
    return ((x << n) | (x >> (32 - n))) & M32


def fmix(h):
    h ^= h >> 16
    h = (h * 0x85EBCA6B) & M32
    h ^= h >> 13
    h = (h * 0xC2B2AE35) & M32
    return h ^ (h >> 16)


C = (0x239B961B, 0xAB0E9789, 0x38B34AE5, 0xA1E38B93)
KEY_ROTATION = (15, 16, 17, 18)
STATE_ROTATION = (19, 17, 15, 13)
ADDEND = (0x561CCD1B, 0x0BCAA747, 0x96CD1C35, 0x32AC3B17)


def scrambled_key(k, i):
    return (rotl((k * C[i]) & M32, KEY_ROTATION[i]) * C[(i + 1) % 4]) & M32


def murmur3_x86_128(data):
    """MurmurHash3_x86_128 with seed 0, as its four 32-bit words."""
    h = [0, 0, 0, 0]
    whole = len(data) // 16 * 16
    for at in range(0, whole, 16):
        words = struct.unpack_from("<4I", data, at)
        for i in range(4):
            h[i] ^= scrambled_key(words[i], i)
            h[i] = (rotl(h[i], STATE_ROTATION[i]) + h[(i + 1) % 4]) & M32
            h[i] = (h[i] * 5 + ADDEND[i]) & M32
    tail = struct.unpack("<4I", data[whole:].ljust(16, b"\0"))
    for i in range(4):
        h[i] ^= scrambled_key(tail[i], i) ^ len(data)
    h[0] = sum(h) & M32
    h[1:] = [(x + h[0]) & M32 for x in h[1:]]
    h = [fmix(x) for x in h]
    h[0] = sum(h) & M32
    h[1:] = [(x + h[0]) & M32 for x in h[1:]]
    return h


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
