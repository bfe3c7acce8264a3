/** What the inbox makes of records that anybody may have written. */
import { describe, expect, it } from 'vitest';
import { encodeBody } from '../../src/catalogue/codec.js';
import { Code } from '../../src/catalogue/generated/codes.js';
import type { InputCode, JobSpec, SubmitDag } from '../../src/catalogue/generated/types.js';
import { sizeOfInput } from '../../src/catalogue/input-size.js';
import { inputOfRecord } from '../../src/inbox/kafka/record.js';
import { Framing } from '../../src/kafka/framing.js';
import { checkSubmission } from '../../src/kernel/decide/check-submission.js';
import { edgeOf } from '../../src/main/kafka/edge.js';
import { job, submission } from '../support/kernel/build.js';

const framing = new Framing();
const edge = edgeOf('main');
const TIMESTAMP = 1_800_000_000_000;

type Topic = 'submissions' | 'callbacks' | 'controls';

/** A header's value, as bytes or as their text. */
type Written = string | Uint8Array | null;

const bytesOf = (written: Written): Buffer | null => (written === null ? null : Buffer.from(written as string));

/** The input that a record of these bytes and headers stands for; one that is there more than once has all its values. */
function inputOf(
  value: Uint8Array,
  headers: Readonly<Record<string, Written | readonly Written[]>> = {},
  topic: Topic = 'submissions',
  timestampMs = TIMESTAMP,
) {
  const bytes = Object.entries(headers).map(([name, written]) => [
    name,
    Array.isArray(written) ? written.map(bytesOf) : bytesOf(written as Written),
  ]);
  const record = {
    offset: 7,
    timestampMs,
    key: null,
    value: Buffer.from(value),
    headers: Object.fromEntries(bytes) as Record<string, Buffer>,
  };
  return inputOfRecord(record, { topic, partition: 1 }, framing, edge);
}

/** What is wrong with an input that was written as Avro; null where it was taken as it is. */
function refusalOf(code: InputCode, body: object, topic: Topic): string | null {
  const input = inputOf(framing.frame(code, encodeBody(code, body as never)), {}, topic);
  if (input.code === Code.Undecodable) return `${input.body.reason}: ${input.body.detail}`;
  expect(input.code).toBe(code);
  expect(input.body).toEqual(body);
  return null;
}

const refusalOfDag = (dag: SubmitDag): string | null => refusalOf(Code.SubmitDag, dag, 'submissions');

const value = (text: string | Uint8Array) => ({
  name: 'i/j',
  value: Buffer.from(text as string),
  uri: null,
  from: null,
  at: null,
});
const BOM = Uint8Array.of(0xef, 0xbb, 0xbf, 0x31);
const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

/** What is no JSON of ours, and what is said of it. */
const NO_JSON: readonly (readonly [string, string | Uint8Array, string])[] = [
  ['with a byte order mark', BOM, 'it begins with a byte order mark'],
  ['that is no UTF-8', Uint8Array.of(0x22, 0xff, 0x22), 'not UTF-8'],
  ['that is cut off', '{"a":', 'Unexpected end'],
  ['nested deeper than any reader takes', nested(65), 'nested deeper than 64'],
];

const from = (name: string) => ({ name, value: null, uri: null, from: 'a', at: null });
const pairs = (...names: string[]) => names.map((name) => ({ name, value: 'v' }));
const numbered = (count: number) => Array.from({ length: count }, (_, i) => `n-${String(i).padStart(6, '0')}`);
const count = { count: 1, from: null, at: '/x', over: false, tolerate: 0 };
const long = 'x'.repeat(257);
const ofJob = (more: Partial<JobSpec>) => submission('d', [job('a', more)]);
const after = (more: Partial<JobSpec>) => submission('d', [job('a'), job('b', { after: ['a'], ...more })]);

/** What the kernel would take, and the edge does not: a submission, and what is said of it. */
const PAST_THE_EDGE: readonly (readonly [string, SubmitDag, string])[] = [
  ['a signal without a name', ofJob({ kind: 'signal', signalName: '' }), '/jobs/0/signal/name: '],
  ['a very long name of a signal', ofJob({ kind: 'signal', signalName: long }), '/jobs/0/signal/name: '],
  ['a name with a NUL', ofJob({ kind: 'signal', signalName: 'a\u0000' }), '/jobs/0/signal/name: '],
  ['an empty group', ofJob({ group: '' }), 'invalid-class: /jobs/0/group: '],
  ['a long template', submission('d', [job('a')], { template: long }), '/template: '],
  ['a template without a name', submission('d', [job('a')], { template: '' }), '/template: '],
  ['names longer in bytes than in characters', submission('é'.repeat(129), [job('a')]), '/id: '],
  ['65 labels', submission('d', [job('a')], { labels: pairs(...numbered(65)) }), '/labels: more than 64 labels'],
  ['a label that is there twice', submission('d', [job('a')], { labels: pairs('a', 'a') }), '/labels/a: '],
  ['labels out of order', submission('d', [job('a')], { labels: pairs('b', 'a') }), '/labels/a: '],
  ['a hostile label', submission('d', [job('a')], { labels: pairs('__proto__') }), '/labels/__proto__: '],
  ['an input that is there twice', after({ inputs: [from('i'), from('i')] }), '/jobs/1/inputs/i: '],
  ['inputs out of order', after({ inputs: [from('j'), from('i')] }), '/jobs/1/inputs/i: '],
  ['257 inputs', after({ inputs: numbered(257).map(from) }), '/jobs/1/inputs: more than 256 inputs'],
  ['a place without its job', ofJob({ inputs: [{ ...value('1'), at: '/x' }] }), 'invalid-binding: '],
  ['a number of children at a place', ofJob({ fanOut: count }), 'unknown-field: /jobs/0/fanOut/at: '],
  [
    'more final codes than 64',
    ofJob({ retry: { maxAttempts: 2, baseMs: 0, maxMs: 0, nonRetryable: numbered(65) } }),
    '/jobs/0/retry/nonRetryable: ',
  ],
];

describe('a submission in Avro', () => {
  it.each(PAST_THE_EDGE)('that has %s is refused, as the edge refuses it', (_what, dag, why) => {
    expect(refusalOfDag(dag)).toContain(why);
  });

  it('that the kernel refuses is left to it', () => {
    expect(refusalOfDag(submission('d', [job('a')], { priority: 1_000_001 }))).toBeNull();
    expect(refusalOfDag(submission('d', [job('a', { signalName: '', slots: 0 })]))).toBeNull();
    const parent = { dagId: 'p', job: 'j', token: 1 };
    expect(refusalOfDag(submission('d', [job('a')], { parent }))).toBeNull();
  });
});

describe('arrays in Avro', () => {
  const held = (index: number) => ({
    lease: { dag: 1, job: index, attempt: 1, token: 98 + index },
    slots: 1,
  });
  const registration = {
    executor: 'x',
    incarnation: 'y',
    group: 'default',
    executorClass: 'ocr',
    slots: 4,
    labels: [{ name: 'gpu', value: 'no' }],
    sessionMs: 30_000,
    held: [held(0), held(1), held(2)],
  };
  const head = '027802790e64656661756c74066f637208';
  const readOf = (bytes: string) =>
    inputOf(framing.frame(Code.RegisterExecutor, Buffer.from(bytes, 'hex')), {}, 'callbacks');

  it.each([
    ['with its size', '010e06677075046e6f00e0d4030524020002c40102020202c60102020402c8010200'],
    ['in several blocks', '0206677075046e6f00e0d40304020002c40102020202c6010202020402c8010200'],
    ['in several, with sizes', '010e06677075046e6f00e0d4030318020002c40102020202c60102010c020402c8010200'],
  ])('may stand %s, as Go libraries write them: it is the same input', (_how, rest) => {
    const plain = inputOf(
      framing.frame(Code.RegisterExecutor, encodeBody(Code.RegisterExecutor, registration)),
      {},
      'callbacks',
    );
    const input = readOf(head + rest);
    expect(input.body).toEqual(registration);
    expect(input).toEqual(plain);
  });

  it.each([
    ['more items than there are bytes', '02', 'truncated'],
    ['more bytes than there are', '017e', 'truncated'],
  ])('that claim %s are refused', (_what, rest, why) => {
    const input = readOf(head + rest);
    expect(input.code === Code.Undecodable && input.body.detail).toContain(why);
  });
});

describe('user JSON in Avro', () => {
  it.each(NO_JSON)('%s is refused wherever it stands', (_what, bytes, why) => {
    const json = Buffer.from(bytes as string);
    const lease = { dag: 1, job: 0, attempt: 1, token: 1 };
    const complete = { lease, output: json, blob: null, unitsUsed: null };
    const resolve = { tenant: 't', dagId: 'd', signal: 's', output: json };
    const refusals = [
      ['/jobs/1/inputs/i~1j', refusalOfDag(submission('d', [job('a'), job('b', { inputs: [value(json)] })]))],
      ['/jobs/1/when', refusalOfDag(submission('d', [job('a'), job('b', { after: ['a'], when: json })]))],
      ['/output', refusalOf(Code.CompleteJob, complete, 'callbacks')],
      ['/output', refusalOf(Code.ResolveSignal, resolve, 'controls')],
    ];
    for (const [place, refusal] of refusals) {
      expect(refusal).toMatch(/^invalid-value: /);
      expect(refusal).toContain(`${place}: `);
      expect(refusal).toContain(why);
    }
  });

  it('is taken as it was written', () => {
    for (const text of [' [1,\n2]\n', '1e999', '{"a":1,"a":2}', '"\\ud800"', nested(64)]) {
      expect(refusalOfDag(submission('d', [job('a', { inputs: [value(text)] })]))).toBeNull();
    }
  });
});

/** Topics that keep the producers' times take any: one that no turn can hold would end every process that leads. */
describe('the time of a record', () => {
  it.each([
    [TIMESTAMP, TIMESTAMP],
    [2 ** 53, Number.MAX_SAFE_INTEGER],
    [2 ** 63 - 1, Number.MAX_SAFE_INTEGER],
    [-1, 0],
    [-(2 ** 63), 0],
  ])('%i is that of its input as %i', (time, received) => {
    const { envelope } = inputOf(Buffer.from('{}'), {}, 'submissions', time);
    expect(envelope.receivedAtMs).toBe(received);
  });
});

/** A turn is one record of the journal: what makes it larger than brokers take ends every process that leads. */
describe('an input that is large', () => {
  const MIB = 1024 * 1024;
  const cancel = (dagId: string) => ({ tenant: 't', dagId, reason: '' });

  it('is refused where its turn could not be written', () => {
    const refusal = (bytes: number) => refusalOf(Code.CancelDag, cancel('x'.repeat(bytes)), 'controls');
    expect(refusal(MIB / 2)).toBeNull();
    expect(refusal(MIB)).toMatch(/^payload-too-large: 10485\d\d bytes, more than 1048576$/);
    const json = inputOf(Buffer.alloc(10 * MIB, 0x20), { 'content-type': 'application/json' });
    expect(json.body).toMatchObject({ reason: 'payload-too-large', length: 10 * MIB });
  });

  it('is not quoted without end', () => {
    const name = '\u0000'.repeat(4 * MIB);
    const input = (bytes: Uint8Array) => inputOf(framing.frame(Code.SubmitDag, bytes));
    const { body } = input(encodeBody(Code.SubmitDag, after({ inputs: [{ ...from('i'), from: name }] })));
    expect(body).toMatchObject({ reason: 'invalid-value' });
    const quoted = inputOf(Buffer.from(`{"${'x'.repeat(MIB)}":1,"jobs":[{"id":"a","kind":"noop"}]}`), {
      'content-type': 'application/json',
    });
    expect(quoted.body).toMatchObject({ reason: 'unknown-field' });
    expect((quoted.body as { detail: string }).detail).toHaveLength(4096);
  });

  it('counts as what it takes, whatever in it is large', () => {
    const rates = Array.from({ length: 10_000 }, () => ({ per: 'units', add: 1, perMs: 1, burst: 1 }));
    const limits = { group: 'g', executorClass: 'c', maxSlots: null, unitCost: 0, shortReserve: null, rates };
    const blob = { uri: 'x'.repeat(2000), sha256: new Uint8Array(32), bytes: 1 };
    const lease = { dag: 1, job: 0, attempt: 1, token: 1 };
    const bodies: readonly (readonly [InputCode, object, Topic])[] = [
      [Code.CancelDag, cancel('x'.repeat(MIB / 2)), 'controls'],
      [Code.SetClassLimits, limits, 'controls'],
      [Code.Heartbeat, { executor: 'e', incarnation: 'é'.repeat(MIB / 4) }, 'callbacks'],
      [Code.CompleteJob, { lease, output: null, blob, unitsUsed: null }, 'callbacks'],
    ];
    for (const [code, body, topic] of bodies) {
      const bytes = encodeBody(code, body as never);
      expect(sizeOfInput(inputOf(framing.frame(code, bytes), {}, topic))).toBeGreaterThan(bytes.length);
    }
  });
});

describe('the headers of a record', () => {
  const JSON_DAG = Buffer.from('{"jobs":[{"id":"a","kind":"noop"}]}');
  const AS_JSON = { 'content-type': 'application/json' };
  const envelopeOf = (headers: Readonly<Record<string, string>>) =>
    inputOf(JSON_DAG, { ...AS_JSON, ...headers }).envelope;

  it.each(['', ' ', '0x10', '-5', '1e3', '5.0', '+5', ' 5', 'now', '9007199254740992'])(
    'received-at "%s" is no time: that of the record counts',
    (text) => expect(envelopeOf({ 'received-at': text }).receivedAtMs).toBe(TIMESTAMP),
  );

  it.each([0, 5, Number.MAX_SAFE_INTEGER])('received-at %d is a time', (ms) => {
    expect(envelopeOf({ 'received-at': String(ms) }).receivedAtMs).toBe(ms);
  });

  it.each(['application/json', 'Application/JSON', 'APPLICATION/JSON; charset=utf-8', ' application/json ;x=y'])(
    'content-type "%s" is JSON',
    (type) => expect(inputOf(JSON_DAG, { 'content-type': type }).code).toBe(Code.SubmitDag),
  );

  it.each(['application/jsonx', 'application/json-seq', 'text/json', ''])('content-type "%s" is not', (type) => {
    expect(inputOf(JSON_DAG, { 'content-type': type }).code).toBe(Code.Undecodable);
  });

  it.each(['tenant', 'idempotency-key'])('%s is counted in bytes, as in Avro and over HTTP', (name) => {
    expect(inputOf(JSON_DAG, { ...AS_JSON, [name]: 'é'.repeat(128) }).code).toBe(Code.SubmitDag);
    const input = inputOf(JSON_DAG, { ...AS_JSON, [name]: 'é'.repeat(129) });
    const detail = expect.stringContaining('longer than 256 bytes');
    expect(input).toMatchObject({ code: Code.Undecodable, body: { reason: 'invalid-value', detail } });
  });

  it('count by the last one of a name, as for the clients of Kafka', () => {
    const names = { tenant: ['a', 'acme'], 'idempotency-key': ['k', 'key'], 'input-id': ['i', 'id'] };
    const { body, envelope } = inputOf(JSON_DAG, { 'content-type': [null, 'application/json'], ...names });
    expect(body).toMatchObject({ tenant: 'acme', idempotencyKey: 'key' });
    expect(envelope.inputId).toBe('id');
  });

  it.each(['tenant', 'idempotency-key'])('%s that is no UTF-8 is refused: it would be another one', (name) => {
    const input = inputOf(JSON_DAG, { ...AS_JSON, [name]: Uint8Array.of(0x9f, 0x86, 0xd0, 0x81) });
    const detail = expect.stringContaining(`the header ${name} is no UTF-8`);
    expect(input).toMatchObject({ code: Code.Undecodable, body: { reason: 'undecodable', detail } });
    expect(inputOf(JSON_DAG, { ...AS_JSON, [name]: null }).code).toBe(Code.SubmitDag);
    expect(inputOf(JSON_DAG, { ...AS_JSON, [name]: '\ufffd' }).body).toMatchObject({ dagId: expect.any(String) });
  });

  it('an input-id of any length that is taken gives a DAG without an id one that is taken, too', () => {
    const idOf = (id: string): string => {
      const { body } = inputOf(JSON_DAG, { ...AS_JSON, 'input-id': id }) as { body: SubmitDag };
      expect(checkSubmission(body)).toEqual([]);
      return body.dagId;
    };
    expect(idOf('x'.repeat(251))).toBe(`main-${'x'.repeat(251)}`);
    const minted = idOf('x'.repeat(252));
    expect(minted).toMatch(/^main-[\da-f]{64}$/);
    expect(idOf('x'.repeat(252))).toBe(minted);
    expect(idOf('é'.repeat(128))).not.toBe(minted);
  });

  it.each(['', 'x'.repeat(257), 'a\u0000b'])("an input-id that none can be is not the sender's own", (id) => {
    const input = inputOf(JSON_DAG, { ...AS_JSON, 'input-id': id });
    expect(input.envelope.inputId).toBe('submissions/1/7');
    expect(input.body).toMatchObject({ dagId: 'main-submissions/1/7', idempotencyKey: 'submissions/1/7' });
  });
});
