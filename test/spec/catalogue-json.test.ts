/** The JSON form: of entries, of leases, of inputs that come in, and of user JSON that must stay as it was. */
import { describe, expect, it } from 'vitest';
import { Samples } from '../../scripts/catalogue/samples.js';
import { sealInput } from '../../src/catalogue/codec.js';
import { Code } from '../../src/catalogue/generated/codes.js';
import type { CancelDag, ResolveSignal, SetDeadline, SubmitDag } from '../../src/catalogue/generated/types.js';
import {
  CancelDagJson,
  CompleteJobJson,
  INPUT_JSON,
  ResolveSignalJson,
  SetDeadlineJson,
  SubmitDagJson,
  UndecodableJson,
  USER_JSON,
} from '../../src/catalogue/generated/validators.js';
import { bodyToJson, toJson } from '../../src/catalogue/json.js';
import { formatLease, parseLease } from '../../src/catalogue/lease.js';
import { keptPaths, parseKeeping, RawJson } from '../../src/catalogue/raw-json.js';
import { catalogue } from '../support/catalogue-values.js';

const place = { cell: 'main', turn: 12, index: 3, at: 1764000000000 };
const lease = { dag: 7, job: 2, attempt: 1, token: 99 };
const sender = { inputId: 'in-1', receivedAtMs: 5, principal: null, traceparent: null };

describe('the JSON form of an entry', () => {
  it('says where it stands and what caused it', () => {
    const body = { dag: 7, job: 2, shape: 0, deadline: { needMs: 10, risk: 1, wakeAtMs: -1 } };
    expect(toJson({ code: Code.JobReadied, cause: 0, body }, place)).toBe(
      '{"id":"main:12:3","type":"JobReadied","turn":12,"index":3,"atMs":1764000000000,"cause":0,' +
        '"data":{"dag":7,"job":2,"shape":0,"deadline":{"needMs":10,"risk":1,"wakeAtMs":-1}}}',
    );
  });

  it('embeds user JSON as it is, names leases by one string, and has the envelope of an input', () => {
    const output = Buffer.from('{"n":\n 12345678901234567890.10, "s":"a\\nb"}');
    const input = sealInput(Code.CompleteJob, sender, { lease, output, blob: null, unitsUsed: null });
    const text = toJson(input, place);
    expect(text).toContain('"output":{"n":  12345678901234567890.10, "s":"a\\nb"},"blob":null');
    expect(text).not.toContain('\n');
    const digest = Buffer.from(input.envelope.digest).toString('hex');
    expect(JSON.parse(text)).toMatchObject({ envelope: { inputId: 'in-1', digest }, data: { lease: 'main.7.2.1.99' } });
  });

  it.each([
    ['broken JSON', Buffer.from('{"a":')],
    ['bytes that are no text', Buffer.from([0x22, 0xff, 0x22])],
  ])('writes %s as base64', (_what, output) => {
    const text = bodyToJson(Code.CompleteJob, { lease, output, blob: null, unitsUsed: null }, 'main');
    expect(JSON.parse(text)).toHaveProperty('output', output.toString('base64'));
  });

  it('writes enums with dashes', () => {
    const samples = new Samples(catalogue);
    const body = { ...(samples.least('marie.v1.SubmitDag') as SubmitDag), failurePolicy: 'fail_fast' };
    expect(JSON.parse(bodyToJson(Code.SubmitDag, body, 'main'))).toHaveProperty('failurePolicy', 'fail-fast');
  });

  it('is one line of JSON for every input and event', () => {
    const samples = new Samples(catalogue);
    for (const { name, code, schema } of [...catalogue.inputs, ...catalogue.events]) {
      const body = samples.most(`${schema.namespace}.${name}`, 1) as object;
      const text = bodyToJson(code, body, 'main');
      expect(Object.keys(JSON.parse(text) as object)).toEqual(schema.fields.map((field) => field.name));
      expect(text).not.toContain('\n');
    }
  });

  it('is what the validator of each input takes', () => {
    const samples = new Samples(catalogue);
    for (const { name, code, schema } of catalogue.inputs) {
      const positive = samples.most(`${schema.namespace}.${name}`, 1) as Record<string, unknown>;
      const read = parseKeeping(bodyToJson(code, positive, 'main'), USER_JSON[name as 'SubmitDag'] ?? keptPaths([]));
      const result = INPUT_JSON[name as keyof typeof INPUT_JSON].safeParse(read);
      expect(result.error?.issues ?? []).toEqual([]);
      expect(withLeases(result.data)).toEqual(positive);
    }
  });
});

/** What a validator gave, with the leases in it, which stay text there, taken apart. */
function withLeases(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withLeases);
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return value;
  const entries = Object.entries(value);
  return Object.fromEntries(
    entries.map(([key, inner]) => [key, key === 'lease' ? parseLease('main', inner as string) : withLeases(inner)]),
  );
}

describe('a lease on the wire', () => {
  it('is read back in its own cell only', () => {
    const text = formatLease('eu.main', lease);
    expect(text).toBe('eu.main.7.2.1.99');
    expect(parseLease('eu.main', text)).toEqual(lease);
    expect(parseLease('main', text)).toBeNull();
    expect(parseLease('eu', text)).toBeNull();
  });

  it.each([
    'main',
    'main.',
    'main.1.2.3',
    'main.1.2.3.4.5',
    'main.01.2.3.4',
    'main.1.2.3.-4',
    'main.1.2.3.4 ',
    'main.1.2.3.4\n',
    'main.9007199254740992.2.3.4',
    'main.1.2147483648.3.4',
    'main.1.2.3.١',
    'MAIN.1.2.3.4',
  ])('%j is none', (text) => expect(parseLease('main', text)).toBeNull());

  it('holds the largest numbers', () => {
    const largest = { dag: 2 ** 53 - 1, job: 2 ** 31 - 1, attempt: 2 ** 31 - 1, token: 2 ** 53 - 1 };
    expect(parseLease('main', formatLease('main', largest))).toEqual(largest);
  });
});

describe('validators', () => {
  it('give bodies', () => {
    const cancel: CancelDag = CancelDagJson.parse({ tenant: 't', dagId: 'd', reason: 'because' });
    const deadline: SetDeadline = SetDeadlineJson.parse({ tenant: 't', dagId: 'd', deadlineAtMs: 5 });
    const answer: ResolveSignal = ResolveSignalJson.parse({ tenant: 't', dagId: 'd', signal: 's', output: [1] });
    expect(cancel.reason).toBe('because');
    expect(deadline).toEqual({ tenant: 't', dagId: 'd', deadlineAtMs: 5, hardDeadlineAtMs: null });
    expect(Buffer.from(answer.output ?? []).toString()).toBe('[1]');
  });

  it.each([
    ['an unknown field', SetDeadlineJson, { tenant: 't', dagId: 'd', deadline: 5 }, 'unrecognized_keys'],
    ['a missing field', SetDeadlineJson, { tenant: 't' }, 'invalid_type'],
    ['an unsafe integer', SetDeadlineJson, { tenant: 't', dagId: 'd', deadlineAtMs: 2 ** 53 }, 'too_big'],
    ['a fraction', SetDeadlineJson, { tenant: 't', dagId: 'd', deadlineAtMs: 1.5 }, 'invalid_type'],
    ['half of a surrogate pair', SetDeadlineJson, { tenant: '\ud800', dagId: 'd' }, 'custom'],
    ['a lease without its numbers', CompleteJobJson, { lease: 'main.1.2' }, 'invalid_format'],
    [
      'a symbol with an underscore',
      SubmitDagJson.pick({ failurePolicy: true }),
      { failurePolicy: 'fail_fast' },
      'invalid_value',
    ],
    ['hexadecimal in capitals', UndecodableJson.pick({ sha256: true }), { sha256: 'AB'.repeat(32) }, 'invalid_format'],
    ['bytes that are not base64', UndecodableJson.pick({ head: true }), { head: '*' }, 'invalid_format'],
  ])('refuse %s', (_what, validator, value, code) => {
    expect(validator.safeParse(value).error?.issues.map((issue) => issue.code)).toEqual([code]);
  });
});

describe('user JSON as it was received', () => {
  const kept = keptPaths(['output', 'jobs/*/when', 'jobs/*/inputs/*/value']);
  const raw = (text: string): RawJson => new RawJson(text);

  it('keeps the text of the values at the paths, and nothing else', () => {
    const text = `{ "output" : 1.0e+400, "labels": {"output": "x"},
      "jobs": [ {"when": {"value": [1, "]}\\"", {}]} , "inputs": {"value": {"value": "é" , "uri": null}}}, 5 ] }`;
    expect(parseKeeping(text, kept)).toEqual({
      output: raw('1.0e+400'),
      labels: { output: 'x' },
      jobs: [{ when: raw('{"value": [1, "]}\\"", {}]}'), inputs: { value: { value: raw('"é"'), uri: null } } }, 5],
    });
  });

  it.each([
    ['keys that are spelled with escapes', '{"\\u006futput":null}', { output: raw('null') }],
    ['the last of repeated keys', '{"output":1,"output":[ ]}', { output: raw('[ ]') }],
    ['empty containers', '{"jobs":[],"output":{}}', { jobs: [], output: raw('{}') }],
    ['other kinds of value on the way', '{"jobs":"output"}', { jobs: 'output' }],
    ['scalars', ' true ', true],
    ['arrays', '[{"output":1}]', [{ output: 1 }]],
  ])('%s', (_what, text, expected) => expect(parseKeeping(text, kept)).toEqual(expected));

  it('does not touch prototypes', () => {
    const any = keptPaths(['*']);
    const parsed = parseKeeping('{"__proto__": {"a": 1}, "b": 2}', any) as Record<string, unknown>;
    expect(Object.getPrototypeOf(parsed)).toBe(Object.prototype);
    expect(Object.keys(parsed)).toEqual(['__proto__', 'b']);
    expect(parsed.b).toEqual(raw('2'));
  });

  it('refuses what is not JSON as JSON.parse does', () => {
    expect(() => parseKeeping('{"output":01}', kept)).toThrow(SyntaxError);
    expect(() => parseKeeping('', kept)).toThrow(SyntaxError);
  });
});
