/** What the inbox makes of records that anybody may have written. */
import { describe, expect, it } from 'vitest';
import { encodeBody } from '../../src/catalogue/codec.js';
import { Code } from '../../src/catalogue/generated/codes.js';
import type { InputCode, SubmitDag } from '../../src/catalogue/generated/types.js';
import { inputOfRecord } from '../../src/inbox/kafka/record.js';
import { Framing } from '../../src/kafka/framing.js';
import { edgeOf } from '../../src/main/kafka-edge.js';
import { job, submission } from '../support/kernel/build.js';

const framing = new Framing();
const edge = edgeOf('main');
const TIMESTAMP = 1_800_000_000_000;

type Topic = 'submissions' | 'callbacks' | 'controls';

/** The input that a record of these bytes and headers stands for. */
function inputOf(value: Uint8Array, headers: Readonly<Record<string, string>> = {}, topic: Topic = 'submissions') {
  const bytes = Object.entries(headers).map(([name, text]) => [name, Buffer.from(text)]);
  const record = {
    offset: 7,
    timestampMs: TIMESTAMP,
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
  ['with a byte order mark', BOM, 'Unexpected token'],
  ['that is no UTF-8', Uint8Array.of(0x22, 0xff, 0x22), 'not UTF-8'],
  ['that is cut off', '{"a":', 'Unexpected end'],
  ['nested deeper than any reader takes', nested(65), 'nested deeper than 64'],
];

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
