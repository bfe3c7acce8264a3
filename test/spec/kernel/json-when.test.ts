import { describe, expect, it } from 'vitest';
import { evaluate, jobsOf, parseWhen, WHEN_LIMITS } from '../../../src/kernel/json/index.js';

const utf8 = (text: string) => new TextEncoder().encode(text);
const parse = (condition: unknown) =>
  parseWhen(utf8(typeof condition === 'string' ? condition : JSON.stringify(condition)));

const outputs: Record<string, string> = {
  classify: '{"kind":"invoice","pages":12,"score":0.1,"tags":["a","b"],"nothing":null,"nested":{"x":[1,{"y":2}]}}',
  number: '9007199254740993',
  text: '"\\ud83d\\udcc4"',
  nothing: 'null',
};
const asked: string[] = [];
const outputOf = (job: string): Uint8Array | 'blob' | null => {
  asked.push(job);
  if (job === 'large') return 'blob';
  const text = outputs[job];
  return text === undefined ? null : utf8(text);
};

const holds = (condition: unknown) => {
  const parsed = parse(condition);
  expect(parsed.problems).toEqual([]);
  return evaluate(parsed.condition!, outputOf);
};

const yes = { job: 'nothing', op: 'exists' };
const no = { job: 'unknown', op: 'exists' };
const unread = { job: 'large', at: '/kind', op: 'eq', value: 'invoice' };

describe('tests of a condition', () => {
  it.each([
    [{ job: 'classify', at: '/kind', op: 'eq', value: 'invoice' }, true],
    [{ job: 'classify', at: '/kind', op: 'eq', value: 'Invoice' }, false],
    [{ job: 'classify', at: '/kind', op: 'ne', value: 'letter' }, true],
    [{ job: 'classify', at: '/kind', op: 'ne', value: 'invoice' }, false],
    [{ job: 'classify', at: '/pages', op: 'gt', value: 11 }, true],
    [{ job: 'classify', at: '/pages', op: 'gt', value: 12 }, false],
    [{ job: 'classify', at: '/pages', op: 'ge', value: 12 }, true],
    [{ job: 'classify', at: '/pages', op: 'lt', value: 12 }, false],
    [{ job: 'classify', at: '/pages', op: 'lt', value: 100 }, true],
    [{ job: 'classify', at: '/pages', op: 'le', value: 12 }, true],
    [{ job: 'classify', at: '/pages', op: 'le', value: 11 }, false],
    [{ job: 'classify', at: '/kind', op: 'gt', value: 'invoicd' }, true],
    [{ job: 'classify', at: '/kind', op: 'lt', value: 'invoice2' }, true],
    [{ job: 'classify', at: '/kind', op: 'in', value: ['letter', 'invoice'] }, true],
    [{ job: 'classify', at: '/kind', op: 'in', value: ['letter', ['invoice']] }, false],
    [{ job: 'classify', at: '/kind', op: 'in', value: [] }, false],
    [{ job: 'classify', at: '/tags', op: 'in', value: [1, ['a', 'b']] }, true],
    [{ job: 'classify', at: '/tags', op: 'eq', value: ['a', 'b'] }, true],
    [{ job: 'classify', at: '/nested', op: 'eq', value: { x: [1, { y: 2 }] } }, true],
    [{ job: 'classify', at: '/nested/x/1/y', op: 'exists' }, true],
    [{ job: 'classify', at: '/nested/x/2', op: 'exists' }, false],
    [{ job: 'classify', at: '/nothing', op: 'exists' }, true],
    [{ job: 'classify', at: '/nothing', op: 'eq', value: null }, true],
    [{ job: 'number', op: 'exists' }, true],
    [{ job: 'nothing', at: '', op: 'eq', value: null }, true],
  ])('%j is %s', (condition, expected) => {
    expect(holds(condition)).toBe(expected);
  });

  it.each([
    ['{"job":"number","op":"eq","value":9007199254740993.0}', true],
    ['{"job":"number","op":"eq","value":9007199254740992}', false],
    ['{"job":"number","op":"gt","value":9007199254740992}', true],
    ['{"job":"classify","at":"/score","op":"eq","value":100e-3}', true],
    ['{"job":"classify","at":"/score","op":"lt","value":0.1000000000000000055}', true],
    ['{"job":"text","op":"eq","value":"📄"}', true],
    // By code unit U+1F4C4 (d83d dcc4) comes before U+FF5E, by code point after it.
    ['{"job":"text","op":"lt","value":"\uff5e"}', true],
    ['{"job":"x","job":"classify","at":"/kind","op":"ne","op":"eq","value":"invoice"}', true],
  ])('%s is %s', (condition, expected) => {
    expect(holds(condition)).toBe(expected);
  });

  it('of different types are unequal and without order', () => {
    for (const value of [12, true, null, ['invoice'], { kind: 'invoice' }]) {
      expect(holds({ job: 'classify', at: '/kind', op: 'eq', value })).toBe(false);
      expect(holds({ job: 'classify', at: '/kind', op: 'ne', value })).toBe(true);
    }
    for (const at of ['/pages', '/tags', '/nested', '/nothing', '/nope']) {
      for (const op of ['lt', 'le', 'gt', 'ge']) {
        expect(holds({ job: 'classify', at, op, value: '12' })).toBe(false);
      }
    }
  });

  it('of what is missing are false, and their negation true', () => {
    for (const missing of [{ job: 'unknown' }, { job: 'classify', at: '/nope' }, { job: 'classify', at: '/kind/0' }]) {
      const conditions = [
        { ...missing, op: 'exists' },
        { ...missing, op: 'in', value: [null] },
        ...['eq', 'ne', 'lt', 'le', 'gt', 'ge'].map((op) => ({ ...missing, op, value: 'x' })),
      ];
      for (const condition of conditions) {
        expect(holds(condition)).toBe(false);
        expect(holds({ not: condition })).toBe(true);
      }
    }
  });
});

describe('tests of an output in a blob', () => {
  it.each<[unknown, boolean | null]>([
    [{ job: 'large', op: 'exists' }, true],
    [{ job: 'large', at: '', op: 'exists' }, true],
    [{ not: { job: 'large', op: 'exists' } }, false],
    [{ job: 'large', at: '/kind', op: 'exists' }, null],
    [{ job: 'large', at: '/0', op: 'exists' }, null],
    [{ job: 'large', op: 'in', value: [] }, null],
    ...['eq', 'ne', 'lt', 'le', 'gt', 'ge'].map((op): [unknown, null] => [{ job: 'large', op, value: 'x' }, null]),
  ])('%j: it is there, and nothing more can be told: %s', (condition, expected) => {
    expect(holds(condition)).toBe(expected);
  });
});

describe('groups of conditions', () => {
  it.each([
    [{ all: [] }, true],
    [{ any: [] }, false],
    [{ not: { all: [] } }, false],
    [{ not: { not: yes } }, true],
    [{ all: [yes, yes] }, true],
    [{ all: [yes, no] }, false],
    [{ all: [no, yes] }, false],
    [{ any: [no, yes] }, true],
    [{ any: [no, no] }, false],
    [{ any: [{ all: [yes, no] }, { not: no }] }, true],
    [{ all: [{ any: [no, yes, no] }, { not: { any: [no, { all: [yes, no] }] } }, yes] }, true],
    [{ all: [{ any: [{ all: [yes, { not: no }] }, no] }, { any: [] }] }, false],
  ])('%j is %s', (condition, expected) => {
    expect(holds(condition)).toBe(expected);
  });

  it('make no test that cannot change the result', () => {
    asked.length = 0;
    expect(holds({ any: [{ all: [no, { ...yes, job: 'text' }] }, yes, { ...yes, job: 'number' }] })).toBe(true);
    expect(asked).toEqual(['unknown', 'nothing']);
  });

  it.each([
    [unread, null],
    [{ not: unread }, null],
    [{ not: { not: unread } }, null],
    [{ all: [unread, yes] }, null],
    [{ all: [yes, unread] }, null],
    [{ all: [unread, no] }, false],
    [{ all: [no, unread] }, false],
    [{ any: [unread, yes] }, true],
    [{ any: [yes, unread] }, true],
    [{ any: [unread, no] }, null],
    [{ any: [no, unread] }, null],
    [{ not: { any: [unread, yes] } }, false],
    [{ any: [{ all: [unread, yes] }, { not: { all: [yes, unread] } }, no] }, null],
    [{ all: [{ any: [unread, no] }, { any: [unread, yes] }, no] }, false],
  ])('%j, of which a part can not be told, is %s', (condition, expected) => {
    expect(holds(condition)).toBe(expected);
  });

  it('name the jobs they ask for', () => {
    const { condition } = parse({
      all: [{ not: { ...yes, job: 'b' } }, { ...yes, job: 'a' }, { any: [{ ...no, job: 'b' }] }],
    });
    expect(jobsOf(condition!)).toEqual(['b', 'a']);
    expect(condition!.nodes.flatMap((node) => (node.form === 'test' ? [node.path] : []))).toEqual([
      '/all/0/not',
      '/all/1',
      '/all/2/any/0',
    ]);
  });
});

describe('problems of a condition', () => {
  it.each([
    ['{"all":[', [['invalid-json', '']]],
    ['[]', [['invalid-when', '']]],
    [
      '{}',
      [
        ['missing-field', '/job'],
        ['missing-field', '/op'],
      ],
    ],
    [{ all: [yes], any: [yes] }, [['invalid-when', '']]],
    [{ all: yes }, [['invalid-value', '/all']]],
    [{ not: [yes] }, [['invalid-when', '/not']]],
    [
      { any: [yes, 7, { not: 'x' }] },
      [
        ['invalid-when', '/any/1'],
        ['invalid-when', '/any/2/not'],
      ],
    ],
    [{ all: [yes], job: 'a' }, [['unknown-field', '/job']]],
    [{ ...yes, 'a/b~': 1 }, [['unknown-field', '/a~1b~0']]],
    [
      { job: 7, at: 8, op: 9 },
      [
        ['invalid-value', '/job'],
        ['invalid-value', '/at'],
        ['invalid-value', '/op'],
      ],
    ],
    [{ job: 'a', at: 'x', op: 'exists' }, [['invalid-pointer', '/at']]],
    [{ job: 'a', at: '/~', op: 'exists' }, [['invalid-pointer', '/at']]],
    [{ job: 'a', op: 'EQ', value: 1 }, [['invalid-value', '/op']]],
    [{ job: 'a', op: 'eq' }, [['missing-field', '/value']]],
    [{ job: 'a', op: 'exists', value: true }, [['unknown-field', '/value']]],
    [{ job: 'a', op: 'in', value: 'abc' }, [['invalid-value', '/value']]],
    [{ job: 'a', op: 'lt', value: null }, [['invalid-value', '/value']]],
    [{ job: 'a', op: 'ge', value: [1] }, [['invalid-value', '/value']]],
    [{ not: { any: [{ all: [{ job: 'a' }] }] } }, [['missing-field', '/not/any/0/all/0/op']]],
  ])('%j', (condition, expected) => {
    const { condition: parsed, problems } = parse(condition);
    expect(parsed).toBeNull();
    expect(problems.map((problem) => [problem.code, problem.path])).toEqual(expected);
    for (const problem of problems) expect(problem.detail).toMatch(/\w/);
  });

  it('are all listed, in the order of the text, up to a hundred', () => {
    const some = parse({ all: [{ job: 'a' }, yes, { op: 'x' }] });
    expect(some.problems.map((problem) => problem.path)).toEqual(['/all/0/op', '/all/2/job', '/all/2/op']);
    const many = parse({ all: Array.from({ length: 200 }, () => ({ job: 'a' })) });
    expect(many.problems.length).toBe(100);
    const fields = parse(Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`field${i}`, 1])));
    expect(fields.problems.length).toBe(100);
  });
});

describe('limits of a condition', () => {
  const nested = (depth: number) => `${'{"not":'.repeat(depth - 1)}${JSON.stringify(yes)}${'}'.repeat(depth - 1)}`;

  it('hold at 32 levels', () => {
    expect(holds(nested(32))).toBe(false);
    expect(parse(nested(33)).problems).toEqual([
      { code: 'invalid-when', path: '/not'.repeat(32), detail: 'conditions are nested deeper than 32' },
    ]);
    expect(parse(nested(5000)).problems[0]?.code).toBe('invalid-json');
  });

  it('hold at 256 conditions', () => {
    const wide = (n: number) => ({ all: Array.from({ length: n }, () => yes) });
    expect(holds(wide(255))).toBe(true);
    expect(parse(wide(256)).problems).toEqual([
      { code: 'invalid-when', path: '/all', detail: 'there are more than 256 conditions in all' },
    ]);
    const spread = { any: Array.from({ length: 16 }, () => wide(15)) };
    expect(parse(spread).problems.map((problem) => problem.code)).toEqual(['invalid-when']);
  });

  it('hold for the bytes of the text', () => {
    const value = 'x'.repeat(WHEN_LIMITS.maxBytes);
    expect(parse({ job: 'a', op: 'eq', value }).problems[0]?.code).toBe('invalid-json');
    expect(parseWhen(utf8(nested(3)), { maxBytes: 1000, maxDepth: 2, maxNodes: 9 }).problems).toHaveLength(1);
  });
});
