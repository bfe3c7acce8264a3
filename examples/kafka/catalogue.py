"""Values of a cell's topics: Avro records. Their schemas are in a registry, or in the files of schemas/."""
import io
import json
import os
import sys
from pathlib import Path

from fastavro import parse_schema, schemaless_reader, schemaless_writer
from fastavro.schema import fingerprint, to_parsing_canonical_form

SCHEMAS = Path(os.environ.get("MARIE_SCHEMAS", Path(__file__).resolve().parents[2] / "schemas"))


class Files:
    """Without a registry: a value begins with c3 01 and the fingerprint of its schema (Avro's single-object encoding)."""

    def __init__(self):
        self.types, self.parsed = {}, {}
        for path in sorted(SCHEMAS.rglob("*.avsc")):
            schema = json.loads(path.read_text())
            self.types[f"{schema['namespace']}.{schema['name']}"] = schema
        if not self.types:
            sys.exit(f"{SCHEMAS} has no schemas: name their folder in MARIE_SCHEMAS")

    def learn(self, names):
        for name in names:
            self.schema(name)

    def schema(self, name):
        if name not in self.parsed:
            self.parsed[name] = parse_schema(self.whole(f"marie.v1.{name}", set()))
        return self.parsed[name]

    def whole(self, node, seen):
        """A schema with everything that it names written out where it is named first."""
        if isinstance(node, str):
            if node not in self.types or node in seen:
                return node
            seen.add(node)
            return self.whole(self.types[node], seen)
        if isinstance(node, list):
            return [self.whole(part, seen) for part in node]
        kept = ("type", "items", "fields")
        return {key: self.whole(value, seen) if key in kept else value for key, value in node.items()}

    def pack(self, name, body):
        schema = self.schema(name)
        canonical = to_parsing_canonical_form(self.whole(f"marie.v1.{name}", set()))
        head = b"\xc3\x01" + bytes.fromhex(fingerprint(canonical, "CRC-64-AVRO"))
        return head + written(schema, body)

    def unpack(self, name, value):
        return schemaless_reader(io.BytesIO(value[10:]), self.schema(name))


class Registry:
    """With one: a value begins with a zero byte and the number of its schema in four (Confluent's wire format)."""

    def __init__(self, url):
        from confluent_kafka.schema_registry import SchemaRegistryClient

        self.client = SchemaRegistryClient({"url": url})
        self.latest, self.parsed = {}, {}

    def learn(self, names):
        """Asks for schemas beforehand: who knows them needs the registry no more, until a schema gets a new version."""
        for name in names:
            found = self.client.get_latest_version(f"marie.v1.{name}")
            schema = parse_schema(json.loads(found.schema.schema_str))
            self.latest[name], self.parsed[found.schema_id] = (found.schema_id, schema), schema

    def pack(self, name, body):
        if name not in self.latest:
            self.learn([name])
        number, schema = self.latest[name]
        return b"\x00" + number.to_bytes(4, "big") + written(schema, body)

    def unpack(self, _name, value):
        number = int.from_bytes(value[1:5], "big")
        if number not in self.parsed:
            self.parsed[number] = parse_schema(json.loads(self.client.get_schema(number).schema_str))
        return schemaless_reader(io.BytesIO(value[5:]), self.parsed[number])


def written(schema, body):
    out = io.BytesIO()
    schemaless_writer(out, schema, body)
    return out.getvalue()
