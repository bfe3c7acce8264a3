/** The schemas as other Avro programs know them: each whole in itself, and named by its Rabin fingerprint. */
import { NAMESPACE } from './canonical-form.js';
import { SCHEMAS } from './generated/schemas.js';

interface Named {
  readonly name: string;
}

interface Field {
  readonly type: unknown;
}

/** A schema with everything that it names in its place, at its first use. */
export function wholeSchema(name: string): object {
  const byName = new Map(SCHEMAS.map((schema) => [(schema as Named).name, schema]));
  const seen = new Set<string>();
  const whole = (node: unknown): unknown => {
    if (typeof node === 'string') {
      if (!node.startsWith(`${NAMESPACE}.`)) return node;
      const short = node.slice(NAMESPACE.length + 1);
      return seen.has(short) ? node : whole(byName.get(short));
    }
    if (Array.isArray(node)) return node.map(whole);
    if (typeof node !== 'object' || node === null)
      throw new Error(`no schema ${name}, or it names one that isn't there`);
    const { name: own, fields, items } = node as { name?: string; fields?: readonly Field[]; items?: unknown };
    if (own !== undefined) seen.add(own);
    return {
      ...node,
      ...(items === undefined ? {} : { items: whole(items) }),
      ...(fields === undefined ? {} : { fields: fields.map((field) => ({ ...field, type: whole(field.type) })) }),
    };
  };
  return whole(byName.get(name)) as object;
}

/** Avro's polynomial, which is the fingerprint of nothing too, as its high and low half. */
const HIGH = 0xc15d213a;
const LOW = 0xa4d7a795;
const TABLE = Array.from({ length: 256 }, (_, byte) => {
  let high = 0;
  let low = byte;
  for (let bit = 0; bit < 8; bit++) {
    const isOdd = low & 1;
    low = (low >>> 1) | (high << 31);
    high >>>= 1;
    if (isOdd === 0) continue;
    high ^= HIGH;
    low ^= LOW;
  }
  return { high, low };
});

/** CRC-64-AVRO of a text, 8 bytes, the lowest first, as a single-object encoding has it. */
export function rabin(text: string): Buffer {
  let high = HIGH;
  let low = LOW;
  for (const byte of Buffer.from(text, 'utf8')) {
    const entry = TABLE[(low ^ byte) & 0xff]!;
    low = ((low >>> 8) | (high << 24)) ^ entry.low;
    high = (high >>> 8) ^ entry.high;
  }
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32LE(low >>> 0, 0);
  bytes.writeUInt32LE(high >>> 0, 4);
  return bytes;
}
