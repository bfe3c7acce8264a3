/** The JSON form: of entries and of leases. */
import { describe, expect, it } from 'vitest';
import { Samples } from '../../../scripts/catalogue/samples.js';
import { sealInput } from '../../../src/catalogue/codec.js';
import { Code } from '../../../src/catalogue/generated/codes.js';
import type { SubmitDag } from '../../../src/catalogue/generated/types.js';
import { bodyToJson, toJson } from '../../../src/catalogue/json.js';
import { formatLease, parseLease } from '../../../src/catalogue/lease.js';
import { catalogue } from '../../support/catalogue-values.js';

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
});

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
