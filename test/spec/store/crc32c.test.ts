import { describe, expect, it } from 'vitest';
import { crc32c } from '../../../src/catalogue/crc32c.js';

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

describe('crc32c', () => {
  it('gives the values of RFC 3720, B.4, and the usual check value', () => {
    expect(crc32c(text('123456789'))).toBe(0xe3069283);
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
    expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
    expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i))).toBe(0x46dd794e);
    expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => 31 - i))).toBe(0x113fdb5c);
    expect(crc32c(new Uint8Array(0))).toBe(0);
  });

  it('is the same for a message given in parts, wherever it is cut', () => {
    const bytes = Uint8Array.from({ length: 100 }, (_, i) => (i * 37) & 0xff);
    const whole = crc32c(bytes);
    for (let cut = 0; cut <= bytes.length; cut++) {
      expect(crc32c(bytes, cut, bytes.length, crc32c(bytes, 0, cut))).toBe(whole);
    }
  });

  it('changes with every single bit', () => {
    const bytes = Uint8Array.from({ length: 67 }, (_, i) => (i * 101) & 0xff);
    const whole = crc32c(bytes);
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      expect(crc32c(bytes)).not.toBe(whole);
      bytes[bit >> 3]! ^= 1 << (bit & 7);
    }
  });
});
