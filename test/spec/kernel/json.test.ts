import { describe, expect, it } from 'vitest';
import {
  arrayLength,
  at,
  bytesOf,
  compareNumbers,
  equalValues,
  integer,
  itemsOf,
  membersOf,
  parsePointer,
  pointerToken,
  rootSpan,
  textOf,
  typeAt,
  validate,
} from '../../../src/kernel/json/index.js';

const utf8 = (text: string) => new TextEncoder().encode(text);
const limits = { maxBytes: 1 << 20, maxDepth: 100 };

describe('validate', () => {
  it.each([
    '0',
    '-0',
    '10.50',
    '1e5',
    '1E+5',
    '-1.5e-10',
    'true',
    'false',
    'null',
    '""',
    ' \t\r\n1 \t\r\n',
    '[]',
    '{}',
    '[ ]',
    '{ }',
    '[1,"a",null]',
    '{"a":1,"a":2}',
    '{"":{"":[[[]]]}}',
    String.raw`"\"\\\/\b\f\n\r\t\u00e9\ud800"`,
    '"é文📄\u007f"',
    '"\u2028"',
  ])('accepts %s', (text) => {
    expect(validate(utf8(text), limits)).toBeNull();
  });

  it.each([
    ['', 0, 'unexpected-end'],
    ['  ', 2, 'unexpected-end'],
    ['[', 1, 'unexpected-end'],
    ['[1', 2, 'unexpected-end'],
    ['[1,', 3, 'unexpected-end'],
    ['{"a"', 4, 'unexpected-end'],
    ['{"a":', 5, 'unexpected-end'],
    ['"abc', 4, 'unexpected-end'],
    ['"\\', 2, 'unexpected-end'],
    ['"\\u12', 5, 'unexpected-end'],
    ['-', 1, 'unexpected-end'],
    ['1.', 2, 'unexpected-end'],
    ['1e+', 3, 'unexpected-end'],
    ['tru', 3, 'unexpected-end'],
    ['[1,]', 3, 'unexpected-byte'],
    ['[,1]', 1, 'unexpected-byte'],
    ['[1 2]', 3, 'unexpected-byte'],
    ['[1}', 2, 'unexpected-byte'],
    ['{"a":1]', 6, 'unexpected-byte'],
    ['{"a" 1}', 5, 'unexpected-byte'],
    ['{"a":1,}', 7, 'unexpected-byte'],
    ['{,}', 1, 'unexpected-byte'],
    ['{1:2}', 1, 'unexpected-byte'],
    ['{"a"}', 4, 'unexpected-byte'],
    ["'a'", 0, 'unexpected-byte'],
    ['1 1', 2, 'unexpected-byte'],
    ['truE', 3, 'unexpected-byte'],
    ['nul1', 3, 'unexpected-byte'],
    ['+1', 0, 'unexpected-byte'],
    ['.5', 0, 'unexpected-byte'],
    ['NaN', 0, 'unexpected-byte'],
    ['\ufeff1', 0, 'unexpected-byte'],
    ['\u00a01', 0, 'unexpected-byte'],
    ['/**/1', 0, 'unexpected-byte'],
    ['01', 1, 'invalid-number'],
    ['-01', 2, 'invalid-number'],
    ['-a', 1, 'invalid-number'],
    ['1.e5', 2, 'invalid-number'],
    ['1ee5', 2, 'invalid-number'],
    ['"\t"', 1, 'control-character'],
    ['"a\u0000"', 2, 'control-character'],
    ['"\\x"', 2, 'invalid-escape'],
    ['"\\u12g4"', 5, 'invalid-escape'],
    ['"\\U0041"', 2, 'invalid-escape'],
  ])('refuses %j at %d: %s', (text, offset, reason) => {
    expect(validate(utf8(text), limits)).toEqual({ offset, reason });
  });

  it.each([
    ['a lone continuation byte', [0x80]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['an overlong form of two', [0xc1, 0xbf]],
    ['an overlong form of three', [0xe0, 0x9f, 0xbf]],
    ['an overlong form of four', [0xf0, 0x8f, 0xbf, 0xbf]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['above U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
    ['five bytes', [0xf8, 0x88, 0x80, 0x80, 0x80]],
    ['0xff', [0xff]],
    ['a character cut by the quote', [0xe6, 0x96]],
    ['a last byte that continues nothing', [0xf0, 0x9f, 0x93, 0x41]],
  ])('refuses UTF-8 with %s', (_what, middle) => {
    expect(validate(Uint8Array.of(0x22, 0x41, ...middle, 0x22), limits)).toEqual({ offset: 2, reason: 'invalid-utf8' });
  });

  it('keeps to its limits', () => {
    const nested = (depth: number) => utf8('['.repeat(depth) + ']'.repeat(depth));
    expect(validate(nested(100), limits)).toBeNull();
    expect(validate(nested(101), limits)).toEqual({ offset: 100, reason: 'too-deep' });
    expect(validate(utf8('1'), { maxBytes: 9, maxDepth: 0 })).toBeNull();
    expect(validate(utf8('[]'), { maxBytes: 9, maxDepth: 0 })).toEqual({ offset: 0, reason: 'too-deep' });
    expect(validate(utf8('12345'), { maxBytes: 4, maxDepth: 1 })).toEqual({ offset: 4, reason: 'too-large' });
  });

  it('does not recurse: a million levels', () => {
    const deep = utf8(`${'{"a":['.repeat(500_000)}1${']}'.repeat(500_000)}`);
    expect(validate(deep, { maxBytes: 1e8, maxDepth: 1_000_000 })).toBeNull();
    const same = deep.slice();
    expect(equalValues(deep, rootSpan(deep), same, rootSpan(same))).toBe(true);
    expect(rootSpan(deep)).toEqual({ start: 0, end: deep.length });
  });
});

describe('at', () => {
  const valueAt = (text: string, pointer: string) => {
    const bytes = utf8(text);
    const span = at(bytes, pointer);
    return span === null ? null : new TextDecoder().decode(bytesOf(bytes, span));
  };
  const rfc = '{"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\\\j":5,"k\\"l":6," ":7,"m~n":8}';

  it.each([
    ['', rfc],
    ['/foo', '["bar","baz"]'],
    ['/foo/0', '"bar"'],
    ['/', '0'],
    ['/a~1b', '1'],
    ['/c%d', '2'],
    ['/e^f', '3'],
    ['/g|h', '4'],
    ['/i\\j', '5'],
    ['/k"l', '6'],
    ['/ ', '7'],
    ['/m~0n', '8'],
  ])('finds the example %j of RFC 6901', (pointer, expected) => {
    expect(valueAt(rfc, pointer)).toBe(expected);
  });

  it.each([
    'foo',
    '/foo/-',
    '/foo/2',
    '/foo/01',
    '/foo/-1',
    '/foo/0/0',
    '/foo/bar',
    '/nope',
    '//',
    '/m~n',
    '/m~2n',
    '/a/b',
    '/foo/1e0',
    '/foo/99999999999999999999',
  ])('finds nothing at %j', (pointer) => {
    expect(valueAt(rfc, pointer)).toBeNull();
  });

  it('takes the last of repeated keys, at every level', () => {
    expect(valueAt('{"a":1,"a":2}', '/a')).toBe('2');
    expect(valueAt('{"a":1,"\\u0061":2}', '/a')).toBe('2');
    expect(valueAt('{"a":{"b":1},"a":{"c":2}}', '/a/b')).toBeNull();
    expect(valueAt('{"a":{"b":1},"a":7}', '/a/b')).toBeNull();
    expect(valueAt('{"a":{"b":1,"b":[1,2]},"x":{"b":0}}', '/a/b/1')).toBe('2');
    expect(valueAt('{"a":5,"a":{"b":{}},"z":[]}', '/a/b')).toBe('{}');
  });

  it('knows no special keys', () => {
    expect(valueAt('{"__proto__":{"constructor":1},"length":2}', '/__proto__/constructor')).toBe('1');
    expect(valueAt('{}', '/__proto__')).toBeNull();
    expect(valueAt('{}', '/constructor')).toBeNull();
    expect(valueAt('[1]', '/length')).toBeNull();
  });

  it('is not misled by brackets, quotes and escapes in strings', () => {
    const text = ' { "x" : "]}\\"{[" , "y\\\\" : [ "\\\\" , "," , {"z":"}"} ] , "é📄" : -1.5e3 } ';
    expect(valueAt(text, '/y\\/2/z')).toBe('"}"');
    expect(valueAt(text, '/y\\/1')).toBe('","');
    expect(valueAt(text, '/é📄')).toBe('-1.5e3');
  });

  it('reads and writes tokens', () => {
    expect(parsePointer('/a~1b/~01/')).toEqual(['a/b', '~1', '']);
    expect(parsePointer(`/${pointerToken('~1/~')}`)).toEqual(['~1/~']);
    expect(parsePointer('a')).toBeNull();
    expect(parsePointer('/~')).toBeNull();
  });
});

describe('spans', () => {
  it('tell types, members and texts', () => {
    const bytes = utf8(' {"a": [1, "\\ud83d\\udcc4é\\n"], "b": null, "a": true} ');
    const members = membersOf(bytes, rootSpan(bytes));
    expect([...(members ?? [])].map(([key, span]) => [key, typeAt(bytes, span.start)])).toEqual([
      ['a', 'boolean'],
      ['b', 'null'],
    ]);
    const other = utf8('["\\ud83d\\udcc4é\\n\\ud800", -1, {}]');
    const places = itemsOf(other, rootSpan(other))!;
    const items = [0, 1, 2].map((i) => ({ start: places[2 * i]!, end: places[2 * i + 1]! }));
    expect(items.map((span) => typeAt(other, span.start))).toEqual(['string', 'number', 'object']);
    expect(textOf(other, items[0]!)).toBe('📄é\n\ud800');
    expect(textOf(other, items[1]!)).toBeNull();
    expect(membersOf(other, rootSpan(other))).toBeNull();
    expect(membersOf(other, items[2]!)?.size).toBe(0);
  });

  it('index arrays of 100,000 items once', () => {
    const bytes = utf8(` [ ${Array.from({ length: 100_000 }, (_, i) => `{"i":[${i}]}`).join(' , ')} ] `);
    const root = rootSpan(bytes);
    expect(arrayLength(bytes, root)).toBe(100_000);
    const items = itemsOf(bytes, root)!;
    expect(items.length).toBe(200_000);
    for (const i of [0, 1, 77_777, 99_999]) {
      const span = { start: items[2 * i]!, end: items[2 * i + 1]! };
      expect(new TextDecoder().decode(bytesOf(bytes, span))).toBe(`{"i":[${i}]}`);
    }
  });

  it('know empty arrays and what is none', () => {
    const empty = utf8('[ ]');
    expect([arrayLength(empty, rootSpan(empty)), itemsOf(empty, rootSpan(empty))?.length]).toEqual([0, 0]);
    const none = utf8('{"0":1}');
    const root = rootSpan(none);
    expect([arrayLength(none, root), itemsOf(none, root)]).toEqual([-1, null]);
  });
});

describe('integer', () => {
  const read = (text: string) => integer(utf8(text), rootSpan(utf8(text)));

  it.each([
    ['3', 3],
    ['3.0', 3],
    ['3e0', 3],
    ['30e-1', 3],
    ['0.3E+1', 3],
    ['0.0003e4', 3],
    ['300000000000000000000e-20', 3],
    ['-12.500e1', -125],
    ['0', 0],
    ['-0', 0],
    ['0e999999999999999999', 0],
    ['9007199254740991', 9007199254740991],
    ['-9007199254740991', -9007199254740991],
    ['9007199254740991.000', 9007199254740991],
    ['1e15', 1e15],
    ['9e15', 9e15],
    ['1e000000000000000000000015', 1e15],
  ])('reads %s', (text, expected) => {
    expect(Object.is(read(text), expected)).toBe(true);
  });

  it.each([
    '3.5',
    '0.1',
    '1e-1',
    '9007199254740992',
    '9007199254740993',
    '9999999999999999',
    '1e16',
    '1e999999999999999',
    '1e-999999999999999',
    '5e-324',
    '"3"',
    'null',
    'true',
    '[3]',
    '3.00000000000000000000000001',
  ])('refuses %s', (text) => {
    expect(read(text)).toBeNull();
  });
});

describe('compareNumbers', () => {
  const compare = (a: string, b: string) => {
    const [x, y] = [utf8(a), utf8(b)];
    return [compareNumbers(x, rootSpan(x), y, rootSpan(y)), compareNumbers(y, rootSpan(y), x, rootSpan(x))];
  };

  it.each([
    ['1', '1.0'],
    ['0', '-0.000e5'],
    ['0.1', '100e-3'],
    ['1e1000000000000000000000', '10e999999999999999999999'],
    ['-1e-99999999999999999999', '-0.1e-99999999999999999998'],
    ['1e5', '1E+0005'],
    ['123456789012345678901234567890', '1.2345678901234567890123456789e29'],
  ])('%s equals %s', (a, b) => {
    expect(compare(a, b)).toEqual([0, 0]);
  });

  it.each([
    ['9007199254740992', '9007199254740993'],
    ['0.1', '0.1000000000000000055511151231257827'],
    ['-1', '0'],
    ['-0', '1e-400'],
    ['-2', '-1'],
    ['-10', '-9'],
    ['9', '10'],
    ['1e999999999999999999998', '1e999999999999999999999'],
    ['1e-999999999999999999999', '1e-999999999999999999998'],
    ['9e9', '1e10'],
    ['1e-400', '1e400'],
    ['-1e400', '1e-400'],
    ['1.5', '1.50001'],
    ['-1e1000000000000', '-1e999999999999'],
  ])('%s is less than %s', (a, b) => {
    expect(compare(a, b)).toEqual([-1, 1]);
  });

  it('takes long numbers and long exponents in linear work', () => {
    const digits = '7'.repeat(100_000);
    expect(compare(`${digits}1`, `${digits}2`)).toEqual([-1, 1]);
    expect(compare(`1e${digits}1`, `1e${digits}2`)).toEqual([-1, 1]);
    expect(compare(`0.${'0'.repeat(100_000)}1`, '1e-100001')).toEqual([0, 0]);
    expect(compare('1e100000', `1${'0'.repeat(100_000)}`)).toEqual([0, 0]);
    expect(compare('1e100000', `2${'0'.repeat(100_000)}`)).toEqual([-1, 1]);
  });
});

describe('equalValues', () => {
  const equal = (a: string, b: string) => {
    const [x, y] = [utf8(a), utf8(b)];
    const result = equalValues(x, rootSpan(x), y, rootSpan(y));
    expect(equalValues(y, rootSpan(y), x, rootSpan(x))).toBe(result);
    return result;
  };

  it.each([
    ['{"a":1,"b":[true,null]}', ' { "b" : [ true , null ] , "a" : 1.0 } '],
    ['{"a":1,"a":2}', '{"a":2}'],
    ['{"a":{"x":[1]},"a":{"y":[2]}}', '{"a":{"y":[2e0]}}'],
    [String.raw`"\u00e9\ud83d\udcc4\/"`, '"é📄/"'],
    [String.raw`{"\u0061":0}`, '{"a":-0}'],
    ['[[],{},[{}]]', '[ [ ], { }, [ { } ] ]'],
    ['{"__proto__":1}', '{"__proto__":1}'],
  ])('%s equals %s', (a, b) => {
    expect(equal(a, b)).toBe(true);
  });

  it.each([
    ['1', '"1"'],
    ['0', 'false'],
    ['null', 'false'],
    ['true', 'false'],
    ['""', 'null'],
    ['[]', '{}'],
    ['[1,2]', '[2,1]'],
    ['[1]', '[1,1]'],
    ['{"a":1}', '{"b":1}'],
    ['{"a":1}', '{"a":1,"b":1}'],
    ['{"a":2,"a":1}', '{"a":2}'],
    ['{"__proto__":1}', '{}'],
    [String.raw`"\ud800"`, '"\ufffd"'],
    ['"é"', '"e\u0301"'],
    ['"a"', '"ab"'],
    ['[[[1]]]', '[[[2]]]'],
  ])('%s does not equal %s', (a, b) => {
    expect(equal(a, b)).toBe(false);
  });
});
