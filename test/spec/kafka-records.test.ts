import fc from 'fast-check';
import { Partitioners } from 'kafkajs';
import Decoder from 'kafkajs/src/protocol/decoder.js';
import decodeBatch from 'kafkajs/src/protocol/recordBatch/v0/decoder.js';
import { describe, expect, it } from 'vitest';
import { crc32c } from '../../src/catalogue/crc32c.js';
import {
  type OutgoingRecord,
  type ReadBatches,
  readBatches,
  writeBatch,
} from '../../src/kafka/protocol/record-batch.js';
import { Scratch } from '../../src/kafka/protocol/scratch.js';
import { fetchedOf } from '../../src/kafka/reading/partition-reader.js';
import { partitionOf } from '../../src/kafka/topics/partitions.js';

const NOW = 1_800_000_000_123;

const text = fc.oneof(fc.string({ maxLength: 80 }), fc.string({ unit: 'grapheme', maxLength: 80 }));
const record = (headerName: fc.Arbitrary<string> = text): fc.Arbitrary<OutgoingRecord> =>
  fc.record({
    key: fc.option(text),
    // Sizes about where the length of a record takes another byte.
    value: fc.option(
      fc.oneof(
        fc.uint8Array({ maxLength: 80 }),
        fc.integer({ min: 8_000, max: 8_300 }).map((size) => new Uint8Array(size).fill(7)),
      ),
    ),
    headers: fc.dictionary(headerName, text, { maxKeys: 6 }),
  });
/** The client finds names such as `valueOf` in an empty object, and takes what it finds for a header. */
const clientsRecord = record(text.filter((name) => !(name in {})));

function batchOf(...batches: readonly (readonly OutgoingRecord[])[]): Buffer {
  const out = new Scratch();
  for (const records of batches) writeBatch(out, records, NOW);
  return out.taken();
}

/** A record as it should be read. */
function expected({ key, value, headers }: OutgoingRecord, offset: number) {
  return {
    offset,
    timestampMs: NOW,
    key: key === null ? null : latin(Buffer.from(key)),
    value: latin(value),
    headers: Object.fromEntries(Object.entries(headers).map(([name, one]) => [name, latin(Buffer.from(one))])),
  };
}

interface Read {
  readonly offset: number;
  readonly timestampMs: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: object;
}

/** Texts are compared much faster than bytes. */
function plain({ offset, timestampMs, key, value, headers }: Read) {
  const texts = Object.entries(headers).map(([name, one]) => [name, latin(one as Buffer)]);
  return { offset, timestampMs, key: latin(key), value: latin(value), headers: Object.fromEntries(texts) };
}

function latin(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : Buffer.from(bytes).toString('latin1');
}

describe('a batch of records', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(fc.array(record(), { minLength: 1, maxLength: 12 }), (records) => {
        expect(readBatches(batchOf(records)).records.map(plain)).toEqual(records.map(expected));
      }),
    );
  });

  it('is what the client reads, and has the checksum that brokers look for', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(clientsRecord, { minLength: 1, maxLength: 12 }), async (records) => {
        const bytes = batchOf(records);
        expect(bytes.readUInt32BE(17)).toBe(crc32c(bytes, 21));
        const { records: read } = await decodeBatch(new Decoder(bytes));
        const found = read.map((one) => ({ ...one, offset: Number(one.offset), timestampMs: Number(one.timestamp) }));
        expect(found.map(plain)).toEqual(records.map(expected));
      }),
    );
  });

  it('is left out when it is there in part only', () => {
    const one = [{ key: 'a', value: Buffer.from('1'), headers: {} }];
    const bytes = batchOf(one, one, one);
    const whole = bytes.length / 3;
    for (let length = 0; length <= bytes.length; length++) {
      expect(readBatches(bytes.subarray(0, length)).records).toHaveLength(Math.floor(length / whole));
    }
  });

  it('is refused in another version, and compressed by what there is not', () => {
    const bytes = batchOf([{ key: null, value: null, headers: {} }]);
    const old = Buffer.from(bytes);
    old[16] = 1;
    expect(() => readBatches(old)).toThrow('version 1');
    const strange = Buffer.from(bytes);
    strange.writeInt16BE(5, 21);
    expect(() => readBatches(strange)).toThrow('codec 5');
  });

  it('is there as a whole or not at all: one that ends before its records do is refused, behind those before it', () => {
    const two = [1, 2].map((n) => ({ key: null, value: Buffer.from(`value ${n}`), headers: { a: '1' } }));
    const before = batchOf(two);
    const more = Buffer.from(before);
    more.writeInt32BE(3, 57); // how many records it has
    for (let length = 61; length <= more.length; length++) {
      const cut = Buffer.from(more.subarray(0, length));
      cut.writeInt32BE(length - 12, 8);
      const read: ReadBatches = { records: [], next: null };
      expect(() => readBatches(Buffer.concat([before, cut]), read)).toThrow('all of its records');
      expect(read.records).toHaveLength(two.length);
      expect(read.next).toBe(two.length);
    }
  });

  it.each([1, 0])('of which brokers have dropped all but %i records is passed to its end', (left) => {
    const kept = [{ key: 'a', value: Buffer.from('1'), headers: {} }];
    const bytes = batchOf(kept.slice(0, left));
    bytes.writeBigInt64BE(40n, 0); // its first position
    bytes.writeInt32BE(2, 23); // its last one is so far behind
    const { records, next } = readBatches(bytes);
    expect(records).toHaveLength(left);
    const found = { records, next, errorCode: 0, highWatermark: 50, lastStable: 50, aborted: [] };
    for (const from of [40, 41, 42]) expect(fetchedOf({ ...found, unreadable: null }, from, true).next).toBe(43);
  });
});

it('a header that is there very often costs no more than as many others', () => {
  const count = 500_000;
  const fields = new Scratch();
  fields.int8(0);
  for (const field of [0, 0, -1, -1, count]) fields.varint(field);
  const body = Buffer.concat([fields.taken(), Buffer.alloc(2 * count, Buffer.from([0, 1]))]); // no name, and no value
  const size = new Scratch();
  size.varint(body.length);
  const bytes = Buffer.concat([batchOf([]), size.taken(), body]);
  bytes.writeInt32BE(bytes.length - 12, 8);
  bytes.writeInt32BE(1, 57);
  const [read] = readBatches(bytes).records;
  expect(read!.headers['']).toHaveLength(count);
});

describe('the partition of a key', () => {
  it('is the one that clients choose', () => {
    const choose = Partitioners.DefaultPartitioner();
    const partitionMetadata = Array.from({ length: 7 }, (_, partitionId) => ({
      ...{ partitionId, partitionErrorCode: 0, leader: 0, replicas: [], isr: [] },
    }));
    fc.assert(
      fc.property(text, (key) => {
        expect(partitionOf(key, 7)).toBe(choose({ topic: 't', partitionMetadata, message: { key, value: null } }));
      }),
    );
  });
});
