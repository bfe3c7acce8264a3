import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eachElement, eachMember, rawMember, skipSpace, skipValue, TooDeep } from '../../../src/edge/json/raw.js';
import { linesOf } from '../../../src/edge/json/text.js';
import { isPointer, pointerOf } from '../../../src/edge/pointer.js';
import { compareUtf8 } from '../../../src/edge/submission/order.js';
import { parsePosition } from '../../../src/gateway/lifecycle/position.js';

/** JSON text of a value, with white space strewn between its tokens and some characters escaped. */
const spacedJson = fc.tuple(fc.jsonValue({ maxDepth: 5 }), fc.constantFrom('', ' ', '\n\t ')).map(([value, space]) => ({
  value,
  text: space === '' ? JSON.stringify(value) : JSON.stringify(value, null, 2).replaceAll('\n', `\n${space}`),
}));

describe('raw members', () => {
  it('are the text that JSON.parse reads the member from', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string(), spacedJson), { maxLength: 6 }), fc.string(), (members, name) => {
        const text = `{${members.map(([key, { text }]) => `${JSON.stringify(key)} : ${text}`).join(' , ')}}`;
        const parsed = JSON.parse(text) as Record<string, unknown>;
        for (const wanted of [name, ...members.map(([key]) => key)]) {
          const raw = rawMember(text, wanted);
          expect(raw === null).toBe(!Object.hasOwn(parsed, wanted));
          if (raw !== null) expect(JSON.stringify(JSON.parse(raw))).toBe(JSON.stringify(parsed[wanted]));
        }
      }),
    );
  });

  it('of repeated keys are the last, escaped or not', () => {
    expect(rawMember('{"a":1,"\\u0061": [2] ,"b":3}', 'a')).toBe('[2]');
  });

  it('end where the value ends, whatever its strings hold', () => {
    for (const value of ['"\\\\"', '"\\\\\\""', '"}"', '{"]":"["}', '-1.5e+7', 'null', '[]', '{}', '""']) {
      expect(rawMember(`{"x":0,"a": ${value} ,"y":0}`, 'a')).toBe(value);
    }
  });

  it('are all elements of an array', () => {
    fc.assert(
      fc.property(fc.array(spacedJson), (values) => {
        const text = `[ ${values.map(({ text }) => text).join(' , ')} ]`;
        const found: unknown[] = [];
        const end = eachElement(text, 0, (_index, at) => {
          const after = skipValue(text, at);
          found.push(JSON.parse(text.slice(at, after)));
          return after;
        });
        expect(end).toBe(text.length);
        expect(JSON.stringify(found)).toBe(JSON.stringify(JSON.parse(text)));
      }),
    );
  });

  it('may be nested 64 deep', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(skipValue(nested(64), 0)).toBe(128);
    expect(() => skipValue(nested(65), 0)).toThrow(TooDeep);
    expect(() => skipValue(nested(100_000), 0)).toThrow(TooDeep);
  });

  it('are found in an empty object', () => {
    expect(eachMember('{ }', 0, () => 0)).toBe(3);
    expect(skipSpace(' \t\r\n1', 0)).toBe(4);
  });
});

describe('lines', () => {
  const texts = (body: Buffer) => linesOf(body).map(({ text }) => text);

  it('are what stands between newlines, blank ones apart', () => {
    expect(texts(Buffer.from('a\n\r\n  \nb\r\nc'))).toEqual(['a', 'b\r', 'c']);
    expect(linesOf(Buffer.from('é\nab'))).toEqual([
      { text: 'é', bytes: 2 },
      { text: 'ab', bytes: 2 },
    ]);
    expect(texts(Buffer.alloc(0))).toEqual([]);
  });

  it('that are no UTF-8 spoil no other', () => {
    const body = Buffer.concat([Buffer.from('é\n'), Buffer.from([0xc3, 0x0a, 0x62]), Buffer.from('\n\n')]);
    expect(texts(body)).toEqual(['é', null, 'b']);
  });
});

describe('names', () => {
  it('are ordered by their UTF-8 bytes', () => {
    const names = fc.string({ unit: 'grapheme', maxLength: 8 });
    fc.assert(
      fc.property(names, names, (a, b) => {
        expect(Math.sign(compareUtf8(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
    );
    expect(compareUtf8('\u{1f600}', '\uff5e')).toBeGreaterThan(0);
  });
});

describe('pointers', () => {
  it('name any path', () => {
    expect(pointerOf(['jobs', 0, 'a/b~c'])).toBe('/jobs/0/a~1b~0c');
  });

  it.each([
    ['', true],
    ['/', true],
    ['/a/0/~1~0', true],
    ['a', false],
    ['/~2', false],
    ['/~', false],
  ])('%j', (text, is) => {
    expect(isPointer(text)).toBe(is);
  });
});

describe('positions', () => {
  it.each([
    ['main:12:3', { turn: 12, index: 3, mark: null }],
    ['main:12:-1', { turn: 12, index: -1, mark: null }],
    ['main:12:3:0123456789abcdef', { turn: 12, index: 3, mark: '0123456789abcdef' }],
    ['main:12:3:0123456789abcde', null],
    ['main:12:3:', null],
    ['main:12:-2', null],
    ['mai:12:3', null],
    ['main:12', null],
    ['main:1e3:3', null],
    ['', null],
  ])('%s', (text, position) => {
    expect(parsePosition(text, 'main')).toEqual(position);
  });
});
