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
  lowWord,
  mixField,
  mixValue,
} from '../../../src/catalogue/murmur.js';
import { jitter } from '../../../src/kernel/decide/retry.js';
import { StateHash } from '../../../src/kernel/rows/hash.js';

type Field = { table: number; keyA: number; keyB: number; field: number; value: number };
type Vectors = {
  mixes: (Field & { mix: string })[];
  sums: { name: string; fields: Field[]; sum: string }[];
  digests: { text?: string; units?: number[]; repeat?: number; key: number; check: number }[];
  jitters: { dagSeq: number; job: number; attempt: number; spanMs: number; jitterMs: number }[];
};

const directory = new URL('../../../schemas/vectors/', import.meta.url);
const vectors = JSON.parse(readFileSync(new URL('state-hash.json', directory), 'utf8')) as Vectors;

const hexOf = (hash: StateHash) => Buffer.from(hash.toBytes()).toString('hex');
const addTo = (hash: StateHash, { table, keyA, keyB, field, value }: Field): void => {
  beginRow(table, keyA, keyB);
  hash.add(field, value);
};
const numberOf = (hash: StateHash) => BigInt(`0x${hexOf(hash)}`);

/** Sums of the words of mixes, not carried. */
class Sums {
  words = [0, 0, 0, 0] as [number, number, number, number];

  add({ table, keyA, keyB, field, value }: Field, sign: 1 | -1): void {
    beginRow(table, keyA, keyB);
    mixValue(field, value);
    [h1, h2, h3, h4].forEach((word, i) => {
      this.words[i]! += sign * (word >>> 0);
    });
  }
}

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
    const again = new StateHash();
    beginRow(vector.table, vector.keyA, vector.keyB);
    mixField(vector.field + 1, 5, 6);
    again.add(vector.field, vector.value);
    expect(hexOf(again)).toBe(vector.mix);
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

  it('adds as one 128-bit number', () => {
    const hash = new StateHash();
    let model = 0n;
    for (const field of many) {
      addTo(hash, field);
      model = BigInt.asUintN(128, model + numberOf(sumOf([field])));
      expect(numberOf(hash)).toBe(model);
    }
  });

  it('carries through every lane', () => {
    const hash = new StateHash();
    hash.lanes.fill(0xffffffff);
    addTo(hash, many[1]!);
    expect(numberOf(hash)).toBe(numberOf(sumOf([many[1]!])) - 1n);
  });

  it('round-trips through bytes', () => {
    const hash = sumOf(many);
    const bytes = hash.toBytes();
    const read = new StateHash();
    read.fromBytes(bytes);
    expect(read.lanes).toEqual(hash.lanes);
    expect(hash.equalsBytes(bytes)).toBe(true);
    expect(hash.equalsBytes(bytes.subarray(1))).toBe(false);
    expect(() => read.fromBytes(bytes.subarray(1))).toThrow('16 bytes');
    addTo(hash, { table: 1, keyA: 1, keyB: 1, field: 1, value: 1 });
    expect(hash.equalsBytes(bytes)).toBe(false);
  });

  it('adds and takes away sums of words that were not carried as one 128-bit number, whichever way they carry', () => {
    for (const first of [0, 0xffff_ffff]) {
      const hash = new StateHash();
      hash.lanes.fill(first);
      for (let turn = 0; turn < 50; turn++) {
        const sums = new Sums();
        let model = numberOf(hash);
        many.slice(turn, 2 * turn).forEach((field, i) => {
          const sign = (turn * i) % 3 === 1 ? 1 : -1;
          sums.add(field, sign);
          model = BigInt.asUintN(128, model + BigInt(sign) * numberOf(sumOf([field])));
        });
        hash.addSums(...sums.words);
        expect(numberOf(hash)).toBe(model);
      }
    }
  });
});
