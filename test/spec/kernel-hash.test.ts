import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  beginRow,
  digestBytes,
  digestCheck,
  digestJoined,
  digestKey,
  digestString,
  h1,
  h2,
  h3,
  h4,
  highWord,
  jitter,
  lowWord,
  mixField,
  mixValue,
  StateHash,
} from '../../src/kernel/hash.js';

type Field = { table: number; keyA: number; keyB: number; field: number; value: number };
type Vectors = {
  mixes: (Field & { mix: string })[];
  sums: { name: string; fields: Field[]; sum: string }[];
  digests: { text?: string; units?: number[]; repeat?: number; key: number; check: number }[];
  jitters: { dagSeq: number; job: number; attempt: number; spanMs: number; jitterMs: number }[];
};

const directory = new URL('../../schemas/vectors/', import.meta.url);
const vectors = JSON.parse(readFileSync(new URL('state-hash.json', directory), 'utf8')) as Vectors;

const hexOf = (hash: StateHash) => Buffer.from(hash.toBytes()).toString('hex');
const addTo = (hash: StateHash, f: Field) =>
  hash.add(f.table, f.keyA, f.keyB, f.field, lowWord(f.value), highWord(f.value));

describe('the vectors of schemas/vectors/state-hash.json', () => {
  it('are confirmed by an independent implementation', () => {
    const script = new URL('check-state-hash.py', directory).pathname;
    const printed = execFileSync('python3', [script], { encoding: 'utf8' });
    expect(printed).toBe(
      `state hash vectors: ${vectors.mixes.length} mixes, ${vectors.sums.length} sums, ` +
        `${vectors.digests.length} digests, ${vectors.jitters.length} jitters\n`,
    );
  });

  it.each(vectors.mixes)('mix of table $table, row ($keyA, $keyB), field $field = $value', (vector) => {
    const hash = new StateHash();
    addTo(hash, vector);
    expect(hexOf(hash)).toBe(vector.mix);
    beginRow(vector.table, vector.keyA, vector.keyB);
    mixField(vector.field + 1, 5, 6);
    mixValue(vector.field, vector.value);
    hash.clear();
    hash.addMixed();
    expect(hexOf(hash)).toBe(vector.mix);
  });

  it.each(vectors.sums)('sum of $name, in any order', ({ fields, sum }) => {
    const forwards = new StateHash();
    for (const field of fields) addTo(forwards, field);
    const backwards = new StateHash();
    for (const field of fields.toReversed()) addTo(backwards, field);
    expect(hexOf(forwards)).toBe(sum);
    expect(hexOf(backwards)).toBe(sum);
  });

  it.each(vectors.digests)('digest of $text$units', (vector) => {
    const once = vector.units ? String.fromCharCode(...vector.units) : (vector.text ?? '');
    const text = once.repeat(vector.repeat ?? 1);
    digestString(text);
    expect([digestKey(), digestCheck()]).toEqual([vector.key, vector.check]);
    digestBytes(new TextEncoder().encode(text));
    expect([digestKey(), digestCheck()]).toEqual([vector.key, vector.check]);
  });

  it.each(vectors.digests)('digest of $text$units as a part of three', (vector) => {
    const once = vector.units ? String.fromCharCode(...vector.units) : (vector.text ?? '');
    const text = once.repeat(vector.repeat ?? 1);
    const places: readonly (readonly [string, string, string])[] = [
      [text, 'b', 'c'],
      ['a', text, ''],
      ['', '', text],
    ];
    for (const parts of places) {
      digestString(parts.join('\u0000'));
      const whole = [h1, h2, h3, h4];
      digestJoined(...parts);
      expect([h1, h2, h3, h4]).toEqual(whole);
    }
  });

  it('digests the first bytes of a buffer as if there were no others', () => {
    const bytes = Uint8Array.from({ length: 64 }, (_, i) => 255 - i);
    for (let length = 0; length <= bytes.length; length++) {
      digestBytes(bytes.slice(0, length));
      const alone = [h1, h2, h3, h4];
      digestBytes(bytes, length);
      expect([h1, h2, h3, h4]).toEqual(alone);
    }
  });

  it.each(vectors.jitters)('jitter of ($dagSeq, $job, $attempt) in $spanMs ms', (v) => {
    expect(jitter(v.dagSeq, v.job, v.attempt, v.spanMs)).toBe(v.jitterMs);
  });
});

describe('value words', () => {
  it.each([0, 1, -1, 2 ** 31, -(2 ** 31), 2 ** 32, -(2 ** 32), 2 ** 32 - 1, 2 ** 53 - 1, -(2 ** 53) + 1, -4294967297])(
    'split %d exactly',
    (value) => {
      const wide = BigInt.asUintN(64, BigInt(value));
      expect(BigInt(lowWord(value) >>> 0)).toBe(wide & 0xffffffffn);
      expect(BigInt(highWord(value) >>> 0)).toBe(wide >> 32n);
    },
  );

  it('refuse what is no safe integer', () => {
    beginRow(1, 1, 1);
    for (const value of [0.5, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => mixValue(1, value)).toThrow('safe integer');
    }
    for (const key of [-1, 0.5, 2 ** 53, Number.NaN]) expect(() => beginRow(1, key, 1)).toThrow('safe integer');
  });
});

describe('StateHash', () => {
  const sumOf = (fields: Field[]) => {
    const hash = new StateHash();
    for (const field of fields) addTo(hash, field);
    return hash;
  };
  const many = Array.from({ length: 500 }, (_, i) => ({
    table: i % 7,
    keyA: i * 7919,
    keyB: i,
    field: i % 5,
    value: -i,
  }));

  it('adds and subtracts as one 128-bit number', () => {
    const hash = new StateHash();
    let model = 0n;
    for (const [i, field] of many.entries()) {
      const one = BigInt(`0x${hexOf(sumOf([field]))}`);
      if (i % 3 === 2)
        hash.subtract(field.table, field.keyA, field.keyB, field.field, lowWord(field.value), highWord(field.value));
      else addTo(hash, field);
      model = BigInt.asUintN(128, i % 3 === 2 ? model - one : model + one);
      expect(BigInt(`0x${hexOf(hash)}`)).toBe(model);
    }
  });

  it('carries and borrows through every lane', () => {
    const hash = new StateHash(Uint32Array.of(0, 0xffffffff, 0xffffffff, 0xffffffff));
    hash.addSum(Uint32Array.of(9, 0, 0, 0, 1), 1);
    expect([...hash.lanes]).toEqual([1, 0, 0, 0]);
    hash.subtractSum(Uint32Array.of(0, 0, 0, 1));
    expect([...hash.lanes]).toEqual([0, 0xffffffff, 0xffffffff, 0xffffffff]);
    hash.addSum(Uint32Array.of(0xffffffff, 0, 0, 1));
    expect(hash.isZero()).toBe(true);
    hash.subtractSum(Uint32Array.of(0, 0, 0, 1));
    expect([...hash.lanes]).toEqual([0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff]);
  });

  it('takes a sum of rows away in one go', () => {
    const all = sumOf(many);
    all.subtractSum(sumOf(many.slice(100)).lanes);
    expect(all.equals(sumOf(many.slice(0, 100)))).toBe(true);
  });

  it('changes fields, counting defaults as absent', () => {
    const hash = new StateHash();
    beginRow(4, 77, 0);
    hash.change(1, 0, 5, 0);
    hash.change(2, -1, 8, -1);
    hash.change(1, 5, 6, 0);
    hash.change(2, 8, -1, -1);
    hash.change(3, 0, 0, 0);
    expect(hash.equals(sumOf([{ table: 4, keyA: 77, keyB: 0, field: 1, value: 6 }]))).toBe(true);
    hash.change(1, 6, 0, 0);
    expect(hash.isZero()).toBe(true);
  });

  it('copies, restores, and round-trips through bytes', () => {
    const hash = sumOf(many);
    const before = hash.copy();
    const bytes = hash.toBytes();
    addTo(hash, { table: 1, keyA: 1, keyB: 1, field: 1, value: 1 });
    expect(hash.equals(before)).toBe(false);
    expect(hash.equalsBytes(bytes)).toBe(false);
    hash.restore(before);
    expect(hash.equalsBytes(bytes)).toBe(true);
    expect(hash.equalsBytes(bytes.subarray(1))).toBe(false);
    const read = new StateHash();
    read.fromBytes(bytes);
    expect(read.equals(before)).toBe(true);
    expect(() => read.fromBytes(bytes.subarray(1))).toThrow('16 bytes');
    expect(() => new StateHash(new Uint32Array(5))).toThrow('four lanes');
  });
});

describe('sums of words that were not carried', () => {
  it('come to what changing the hash field by field comes to, whichever way they carry', () => {
    for (const first of [0, 0xffff_ffff]) {
      const hash = new StateHash(Uint32Array.of(first, first, first, first));
      const summed = hash.copy();
      for (let turn = 0; turn < 50; turn++) {
        const sums = [0, 0, 0, 0] as [number, number, number, number];
        const sum = (field: number, value: number, sign: 1 | -1): void => {
          if (value === 0) return;
          mixValue(field, value);
          [h1, h2, h3, h4].forEach((word, i) => {
            sums[i]! += sign * (word >>> 0);
          });
        };
        for (let i = 0; i < turn; i++) {
          beginRow(4, turn, i);
          const from = (turn * i) % 3;
          const to = (turn + i) % 5;
          hash.change(i % 32, from, to, 0);
          sum(i % 32, from, -1);
          sum(i % 32, to, 1);
        }
        summed.addSums(...sums);
        expect(summed.lanes).toEqual(hash.lanes);
      }
    }
  });
});
