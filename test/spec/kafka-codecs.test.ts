/** What batches are compressed by; test/integration/kafka/lanes.test.ts reads what real brokers compress. */
import { gzipSync } from 'node:zlib';
import lz4 from 'lz4js';
import snappy from 'snappyjs';
import { expect, it } from 'vitest';
import { uncompressed } from '../../src/kafka/protocol/codecs.js';

const [NONE, GZIP, SNAPPY, LZ4, ZSTD] = [0, 1, 2, 3, 4];
const TEXT = Buffer.from('one and one and one '.repeat(5_000));
/** A frame of zstd: the letters "marie" a hundred times, as its own library writes them. */
const ZSTD_FRAME = Buffer.from('KLUv/WD0AGUAAChtYXJpZQEA7FCLFg==', 'base64');
/** The same, written piece by piece: its head has a window, of 2 GiB, more than there can be. */
const ZSTD_WIDE = Buffer.from('KLUv/QCoZQAAKG1hcmllAQDsUIsW', 'base64');
/** Frames of lz4 whose blocks have checksums: the same letters, and "marie" once. */
const LZ4_SUMMED = Buffer.from('BCJNGHxA9AEAAAAAAAC4EAAAAF9tYXJpZQUA/9hQbWFyaWVRo3IpAAAAAEczn/s=', 'base64');
const LZ4_PLAIN_SUMMED = Buffer.from('BCJNGHhABQAAAAAAAABrBQAAgG1hcmllRRj6KAAAAAA=', 'base64');

it('one block of snappy is read without the head of its Java library, as other producers write it', () => {
  expect(uncompressed(Buffer.from(snappy.compress(TEXT)), SNAPPY).equals(TEXT)).toBe(true);
});

it.each([
  [NONE, TEXT],
  [GZIP, gzipSync(TEXT)],
  [LZ4, Buffer.from(lz4.compress(TEXT))],
])('codec %i is undone', (codec, bytes) => {
  expect(uncompressed(bytes, codec).equals(TEXT)).toBe(true);
});

it('blocks of lz4 are read that have checksums behind them, compressed or as they are', () => {
  expect(String(uncompressed(LZ4_SUMMED, LZ4))).toBe('marie'.repeat(100));
  expect(String(uncompressed(LZ4_PLAIN_SUMMED, LZ4))).toBe('marie');
});

it('a frame of lz4 that comes to more than it says, or ends before it does, is refused', () => {
  const longer = Buffer.from(LZ4_SUMMED);
  longer[6] = 5;
  longer[7] = 0;
  expect(() => uncompressed(longer, LZ4)).toThrow('more than the 5 bytes');
  expect(() => uncompressed(LZ4_SUMMED.subarray(0, 20), LZ4)).toThrow('ends before');
});

it('a frame of zstd takes no more room than it may come to, however large a window it asks for', () => {
  expect(String(uncompressed(ZSTD_WIDE, ZSTD))).toBe('marie'.repeat(100));
});

it('frames of zstd that follow one another are one text', () => {
  const twice = Buffer.concat([ZSTD_FRAME, ZSTD_FRAME]);
  expect(String(uncompressed(twice, ZSTD))).toBe('marie'.repeat(200));
});

it.each([
  ['snappy', SNAPPY, Buffer.from([0x80, 0x80, 0x80, 0x80, 0x04])],
  ['lz4', LZ4, Buffer.from('04224d1868400000004000000000', 'hex')],
])('%s that says to come to a GiB is not even begun', (_name, codec, bytes) => {
  expect(() => uncompressed(bytes, codec)).toThrow('more than 268435456 bytes');
});

it.each([
  ['gzip', GZIP],
  ['snappy', SNAPPY],
  ['lz4', LZ4],
  ['zstd', ZSTD],
])('what %s has not written is refused, or comes to nothing', (_name, codec) => {
  expect(() => uncompressed(TEXT, codec)).toThrow();
  for (const bytes of [Buffer.of(0xff), Buffer.alloc(0)]) expect(lengthOf(bytes, codec)).toBe(0);
});

function lengthOf(bytes: Buffer, codec: number): number {
  try {
    return uncompressed(bytes, codec).length;
  } catch {
    return 0;
  }
}
