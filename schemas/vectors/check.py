#!/usr/bin/env python3
"""Proves the vectors of this folder with an encoder and a decoder of their own.

It reads the .avsc files and codes.json and nothing of the TypeScript code, and needs only Python's standard library.
Every value must give exactly its bytes, the bytes exactly the value, and what is in `refused.json` must be refused.
Exit code 0 and one line if all agree, else 1 and what does not.
"""

import hashlib
import json
import pathlib
import struct
import sys

from murmur3 import murmur3_x86_128

HERE = pathlib.Path(__file__).resolve().parent
SCHEMAS = HERE.parent
MAX_SAFE = 2**53 - 1


class Refused(Exception):
    """A value without an encoding, or bytes that are no canonical encoding."""


def load_types():
    named = {}
    for path in sorted(SCHEMAS.rglob("*.avsc")):
        schema = json.loads(path.read_text("utf-8"))
        named[f'{schema["namespace"]}.{schema["name"]}'] = schema
    return named


TYPES = load_types()
CODES_JSON = json.loads((SCHEMAS / "codes.json").read_text("utf-8"))


def load_codes():
    """number -> (name, whether it is an input)"""
    codes = {}
    for kind in ("inputs", "events"):
        for key, entry in CODES_JSON[kind].items():
            base, version = key.split("@")
            codes[entry["code"]] = (base if version == "1" else f"{base}V{version}", kind == "inputs")
    return codes


CODES = load_codes()


# Encoding


def varint(number):
    if not -MAX_SAFE <= number <= MAX_SAFE:
        raise Refused(f"{number} is not a safe integer")
    rest = number * 2 if number >= 0 else -number * 2 - 1
    out = bytearray()
    while rest > 0x7F:
        out.append(rest & 0x7F | 0x80)
        rest >>= 7
    out.append(rest)
    return bytes(out)


def encode(schema, value):
    if isinstance(schema, list):
        return varint(0) if value is None else varint(1) + encode(schema[1], value)
    if isinstance(schema, str):
        return encode_named(schema, value)
    kind = schema["type"]
    if kind == "record":
        return b"".join(encode(field["type"], value[field["name"]]) for field in schema["fields"])
    if kind == "enum":
        return varint(schema["symbols"].index(value))
    if kind == "fixed":
        return bytes.fromhex(value)
    if kind == "array":
        items = b"".join(encode(schema["items"], item) for item in value)
        return varint(len(value)) + items + varint(0) if value else varint(0)
    return encode(kind, value)  # a logical type


def encode_named(name, value):
    if name == "boolean":
        return b"\1" if value else b"\0"
    if name in ("int", "long"):
        return varint(value)
    if name == "string":
        data = value.encode("utf-8")
        return varint(len(data)) + data
    if name == "bytes":
        data = bytes.fromhex(value)
        return varint(len(data)) + data
    return encode(TYPES[name], value)


# Decoding


class Input:
    def __init__(self, data):
        self.data = data
        self.pos = 0

    def take(self, count):
        if count < 0 or self.pos + count > len(self.data):
            raise Refused(f"{count} bytes at {self.pos}")
        self.pos += count
        return self.data[self.pos - count : self.pos]

    def varint(self):
        rest = shift = 0
        while True:
            byte = self.take(1)[0]
            rest |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                break
        if byte == 0 and shift > 7:
            raise Refused("a needless byte")
        number = rest >> 1 if rest % 2 == 0 else -(rest >> 1) - 1
        if not -MAX_SAFE <= number <= MAX_SAFE:
            raise Refused("not a safe integer")
        return number

    def index(self, count):
        number = self.varint()
        if not 0 <= number < count:
            raise Refused(f"{number} is not below {count}")
        return number

    def finish(self):
        if self.pos != len(self.data):
            raise Refused("bytes too many")


def decode(schema, data):
    if isinstance(schema, list):
        return None if data.index(2) == 0 else decode(schema[1], data)
    if isinstance(schema, str):
        return decode_named(schema, data)
    kind = schema["type"]
    if kind == "record":
        return {field["name"]: decode(field["type"], data) for field in schema["fields"]}
    if kind == "enum":
        return schema["symbols"][data.index(len(schema["symbols"]))]
    if kind == "fixed":
        return data.take(schema["size"]).hex()
    if kind == "array":
        count = data.index(len(data.data) + 1)
        items = [decode(schema["items"], data) for _ in range(count)]
        if count > 0 and data.varint() != 0:
            raise Refused("several blocks")
        return items
    return decode(kind, data)  # a logical type


def decode_named(name, data):
    if name == "boolean":
        return bool_of(data.take(1)[0])
    if name == "int":
        number = data.varint()
        if not -(2**31) <= number < 2**31:
            raise Refused("not an int")
        return number
    if name == "long":
        return data.varint()
    if name == "string":
        try:
            return data.take(data.varint()).decode("utf-8")
        except UnicodeDecodeError as error:
            raise Refused("not UTF-8") from error
    if name == "bytes":
        return data.take(data.varint()).hex()
    return decode(TYPES[name], data)


def bool_of(byte):
    if byte > 1:
        raise Refused("not a boolean")
    return byte == 1


# Entries and turns


def encode_entry(code, value):
    name, is_input = CODES[code]
    body = encode(f"marie.v1.{name}", value["body"])
    return encode("marie.v1.Envelope", value["envelope"]) + body if is_input else body


def decode_entry(code, data):
    name, is_input = CODES[code]
    envelope = {"envelope": decode("marie.v1.Envelope", data)} if is_input else {}
    start = data.pos
    value = {**envelope, "body": decode(f"marie.v1.{name}", data)}
    data.finish()
    if is_input and envelope["envelope"]["digest"] != struct.pack(">4I", *murmur3_x86_128(bytes(data.data[start:]))).hex():
        raise Refused("the digest is not that of the body")
    return value


def encode_turn(turn):
    entries = [
        {"code": entry["code"], "cause": entry["cause"], "body": encode_entry(entry["code"], entry).hex()}
        for entry in turn["entries"]
    ]
    return encode("marie.v1.Turn", {**turn, "entries": entries})


def decode_turn(data):
    turn = decode("marie.v1.Turn", data)
    data.finish()
    turn["entries"] = [
        {"code": raw["code"], "cause": raw["cause"], **decode_entry(raw["code"], Input(bytes.fromhex(raw["body"])))}
        for raw in turn["entries"]
    ]
    return turn


# The fingerprint


def canonical(node):
    """Avro's parsing canonical form; all references of the catalogue are full names."""
    if isinstance(node, list):
        return [canonical(one) for one in node]
    if isinstance(node, str):
        return node
    if "name" not in node and "items" not in node:
        return node["type"]
    form = {}
    if "name" in node:
        form["name"] = f'{node["namespace"]}.{node["name"]}' if "namespace" in node else node["name"]
    form["type"] = canonical(node["type"])
    if "fields" in node:
        form["fields"] = [canonical(field) for field in node["fields"]]
    for key in ("symbols", "items", "size"):
        if key in node:
            form[key] = canonical(node[key]) if key == "items" else node[key]
    return form


def fingerprint():
    forms = sorted(json.dumps(canonical(schema), separators=(",", ":")) for schema in TYPES.values())
    codes = [f"{code} {CODES[code][0]}" for code in sorted(CODES)]
    sets = {key: value for key, value in CODES_JSON.items() if key not in ("comment", "inputs", "events")}
    members = sorted(f"{key} {number} {name}" for key, value in sets.items() for name, number in value.items())
    text = "".join(f"{line}\n" for line in forms + codes + members)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]


# Checking


def vectors(name):
    return json.loads((HERE / name).read_text("utf-8"))


def decodes(schema, hexadecimal):
    data = Input(bytes.fromhex(hexadecimal))
    try:
        decode(schema, data)
        data.finish()
    except Refused:
        return False
    return True


def check():
    problems = []

    def expect(what, condition):
        if not condition:
            problems.append(what)

    bodies = vectors("bodies.json")
    for row in bodies:
        name, is_input = CODES[row["code"]]
        schema = f"marie.v1.{name}"
        data = Input(bytes.fromhex(row["bytes"]))
        expect(f"{name}: name", name == row["name"])
        expect(f"{name}: encode", encode(schema, row["value"]).hex() == row["bytes"])
        expect(f"{name}: decode", decode(schema, data) == row["value"])
        data.finish()
    expect("every code has a vector", {row["code"] for row in bodies} == set(CODES))

    inputs = vectors("inputs.json")
    for row in inputs:
        expect(f'input {row["code"]}: encode', encode_entry(row["code"], row["value"]).hex() == row["bytes"])
        decoded = decode_entry(row["code"], Input(bytes.fromhex(row["bytes"])))
        expect(f'input {row["code"]}: decode', decoded == row["value"])

    turns = vectors("turns.json")
    for row in turns:
        data = bytes.fromhex(row["bytes"])
        expect("turn: encode", encode_turn(row["value"]) == data)
        expect("turn: decode", decode_turn(Input(data)) == row["value"])
        expect("turn: hash", hashlib.sha256(data).hexdigest() == row["sha256"])
    expect("turns are chained", turns[1]["value"]["prev"] == turns[0]["sha256"])

    refused = vectors("refused.json")
    for row in refused:
        if row["error"] == "unknown-version":
            expect(row["what"], row["code"] not in CODES)
            continue
        schema = f'marie.v1.{CODES[row["code"]][0]}'
        expect(f'{row["what"]}: not refused', not decodes(schema, row["bytes"]))
        expect(f'{row["what"]}: the valid bytes are refused', decodes(schema, row["valid"]))

    expect("fingerprint", vectors("fingerprint.json")["fingerprint"] == fingerprint())
    return problems, len(bodies) + len(inputs) + len(turns) + len(refused) + 1


def main():
    problems, count = check()
    for problem in problems:
        print(problem)
    print(f"{count} vectors, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
