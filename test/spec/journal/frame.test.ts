/** Frames: their layout to the byte, and that none can pass for a torn one. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  FrameBuffer,
  frameSize,
  MAX_CONTENTS_BYTES,
  readFrameHeader,
  SECTOR_BYTES,
} from '../../../src/journal/files/frame.js';
import { checkFrame } from '../../../src/journal/files/read-frame.js';

const encode = (contents: Uint8Array): Buffer => Buffer.from(new FrameBuffer().encode('turn', contents));

function decode(frame: Buffer): Buffer | null {
  const header = readFrameHeader(frame, 0);
  const checked = header === null ? null : checkFrame(frame, header, 0);
  return checked === null ? null : Buffer.from(checked.contents);
}

it('is laid out so', () => {
  const frame = encode(Buffer.from('123456789'));
  expect(frame.length).toBe(512);
  // 9 bytes; the check value of CRC32C; TURN; the CRC32C of these 12 bytes (computed elsewhere); the contents.
  expect(frame.toString('hex', 0, 16)).toBe('09000000839206e35455524ed896381e');
  expect(frame.toString('latin1', 16, 25)).toBe('123456789');
  expect(frame.subarray(25).every((byte) => byte === 255)).toBe(true);
});

describe('contents', () => {
  const anyContents = fc.oneof(
    fc.uint8Array({ maxLength: 3_000 }),
    // Zeros with a byte here and there.
    fc.array(fc.nat(2_999), { maxLength: 8 }).map((used) => {
      const contents = Buffer.alloc(3_000);
      for (const at of used) contents[at] = 1;
      return contents;
    }),
    // Runs of zeros and of other bytes, at any place and of any length.
    fc
      .array(fc.tuple(fc.constantFrom(0, 0, 0, 1, 127, 254), fc.nat(1_200)), { maxLength: 6 })
      .map((runs) => Buffer.concat(runs.map(([byte, length]) => Buffer.alloc(length, byte)))),
  );

  it('come back as they were, and no sector of the frame is, or is a byte away from, zeros', () => {
    fc.assert(
      fc.property(anyContents, (contents) => {
        const frame = encode(contents);
        expect(frame.length).toBe(frameSize(contents.length));
        expect(frame.length % SECTOR_BYTES).toBe(0);
        expect(decode(frame)).toEqual(Buffer.from(contents));
        for (let sector = 0; sector < frame.length; sector += SECTOR_BYTES) {
          const used = frame.subarray(sector, sector + SECTOR_BYTES).filter((byte) => byte !== 0);
          expect(used.length).toBeGreaterThan(1);
        }
      }),
    );
  });

  it('with a sector of zeros and one of ones are refused', () => {
    const contents = Buffer.concat([Buffer.alloc(1_500), Buffer.alloc(1_500, 255)]);
    expect(() => encode(contents)).toThrow(expect.objectContaining({ code: 'append-failed' }));
  });

  it('that are too long are refused', () => {
    expect(() => encode(Buffer.alloc(MAX_CONTENTS_BYTES + 1))).toThrow(
      expect.objectContaining({ code: 'append-failed' }),
    );
  });
});

it('with any other byte is refused', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 1_500 }),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      (contents, at, flip) => {
        const frame = encode(contents);
        frame[at % frame.length]! ^= flip;
        expect(decode(frame)).toBeNull();
      },
    ),
    { numRuns: 2_000 },
  );
});
