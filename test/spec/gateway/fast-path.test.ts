/**
 * The quick ways of reading submissions and callbacks take exactly what the zod schemas of the API page take. Random
 * messages that are right, or wrong in a few places, go both ways.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkArrived } from '../../../src/edge/arrived.js';
import { readCallback } from '../../../src/edge/callbacks/read.js';
import { callbackSchema } from '../../../src/edge/callbacks/schema.js';
import { Refusal } from '../../../src/edge/problems.js';
import { Senders } from '../../../src/edge/seal.js';
import { submissionProblems } from '../../../src/edge/submission/problems.js';
import { readSubmission } from '../../../src/edge/submission/read.js';

const senders = new Senders({ next: () => 'id' }, { wallMs: () => 0 }, undefined);

/** Mostly one of the first kind. */
function rarely(right: fc.Arbitrary<unknown>, other: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 200, arbitrary: right }, { weight: 1, arbitrary: other });
}

const name = rarely(
  fc.constantFrom('a', 'b', 'ocr', 'é'.repeat(128), 'constructor'),
  fc.constantFrom('', 'x'.repeat(257), 'é'.repeat(129), '\ud800', 'a\u0000'),
);
const key = fc.oneof(
  { weight: 200, arbitrary: fc.constantFrom('a', 'b', 'toString') },
  { weight: 1, arbitrary: fc.constantFrom('', '__proto__', 'x'.repeat(257)) },
);
const wrong = fc.constantFrom<unknown>(null, true, 'x', '', 0, -1, 1, 1.5, 2 ** 53, [], [1], {}, { from: 'a' });

/** A value that is mostly of the right form. */
function mostly(right: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return rarely(right, wrong);
}

/** An object with some of these members, and now and then one that nobody knows. */
function some(members: Record<string, fc.Arbitrary<unknown>>, needed: string[] = []): fc.Arbitrary<object> {
  const model = Object.fromEntries(Object.entries(members).map(([key, value]) => [key, mostly(value)]));
  const known = fc.record(model, { requiredKeys: needed });
  const unknown = fc.dictionary(fc.constantFrom('colour', 'at', 'toString'), wrong, { maxKeys: 1 });
  return rarely(
    known,
    fc.tuple(known, unknown).map(([a, b]) => ({ ...b, ...a })),
  ) as fc.Arbitrary<object>;
}

const whole = rarely(fc.constantFrom(1, 2, 1_000), fc.constantFrom(0, 1_001, 2 ** 31, 2 ** 43));
const pointer = rarely(fc.constantFrom('', '/', '/a/0', '/~1'), fc.constantFrom('a', '/~'));
const names = fc.array(name, { maxLength: 3 });
const place = some({ from: name, at: pointer }, ['from']);
const pairs = (value: fc.Arbitrary<unknown>) => fc.dictionary(key, mostly(value), { maxKeys: 3 });
const binding = rarely(
  fc.oneof(
    some({ value: fc.jsonValue({ maxDepth: 2 }) }, ['value']),
    some({ uri: name }, ['uri']),
    some({ from: name, at: pointer }, ['from']),
  ),
  some({ value: fc.constant(1), uri: name, from: name, at: pointer }),
);
const fanOut = rarely(
  fc.oneof(
    some({ count: fc.oneof(whole, place), tolerate: whole }, ['count']),
    some({ over: place, tolerate: whole }, ['over']),
  ),
  some({ count: whole, over: place }),
);
/** What jobs of one kind alone may have. */
const heeded = {
  executor: {
    timeoutMs: whole,
    retry: some({ maxAttempts: whole, backoff: some({ baseMs: whole, maxMs: whole }), nonRetryable: names }, [
      'maxAttempts',
    ]),
  },
  noop: {},
  signal: { signal: some({ name }) },
};

const common = {
  id: name,
  executorClass: name,
  group: name,
  slots: whole,
  units: whole,
  after: names,
  join: fc.oneof(fc.constantFrom('all', 'any'), whole),
  when: fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 })),
  optional: fc.boolean(),
  inputs: pairs(binding),
  fanOut,
  estimateMs: whole,
};

/** A job that says its kind, and has some of what jobs may have and of its own. */
function jobOf(kind: string, own: Record<string, fc.Arbitrary<unknown>>, needed: string[] = ['kind']) {
  return some({ ...common, kind: fc.constant(kind), ...own }, ['id', 'executorClass', ...needed]);
}

const job = rarely(
  fc.oneof(jobOf('executor', heeded.executor, []), jobOf('noop', heeded.noop), jobOf('signal', heeded.signal)),
  fc.oneof(
    ...['executor', 'noop', 'signal', 'other'].map((kind) => jobOf(kind, { ...heeded.executor, ...heeded.signal })),
  ),
);
const submission = some(
  {
    jobs: rarely(fc.array(mostly(job), { minLength: 1, maxLength: 3 }), fc.constant([])),
    id: name,
    idempotencyKey: name,
    tenant: name,
    name,
    template: name,
    priority: whole,
    deadlineAtMs: whole,
    hardDeadlineAtMs: whole,
    onHardDeadline: fc.constantFrom('fail', 'demote'),
    labels: pairs(name),
    failurePolicy: rarely(fc.constantFrom('fail-fast', 'continue'), fc.constant('fail_fast')),
    parent: some({ dag: name, job: name, token: fc.constantFrom('main.1.0.1.5', 'x') }),
  },
  ['jobs'],
);

/** What the quick way says: null where it takes the text, else the refusal. */
function refusal(read: () => unknown): Refusal | null {
  try {
    read();
    return null;
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

const RUNS = { numRuns: 3_000 };

describe('the quick way', () => {
  it('takes the submissions that the schema takes', () => {
    const met = { taken: 0, refused: 0 };
    fc.assert(
      fc.property(mostly(submission), (value) => {
        const text = JSON.stringify(value);
        const context = {
          cell: 'main',
          tenant: 'default',
          idempotencyKey: null,
          check: () => [],
          sender: senders.next(),
        };
        // What is taken is taken as well where it comes in its canonical form, past the quick way.
        const found = refusal(() => checkArrived(readSubmission({ text, bytes: text.length }, context), () => []));
        const problems = submissionProblems(JSON.parse(text));
        expect(found === null ? [] : found.details.problems).toEqual(problems);
        if (found === null) met.taken++;
        else met.refused++;
      }),
      RUNS,
    );
    expect(Math.min(met.taken, met.refused)).toBeGreaterThan(RUNS.numRuns / 20);
  });

  it('takes the callbacks that the schema takes', () => {
    const token = fc.constantFrom('main.1.0.1.5', 'main.9007199254740991.2147483647.1.0');
    const unitsUsed = whole;
    const blob = some({ uri: name, sha256: fc.constantFrom('ab'.repeat(32), 'AB'), bytes: whole }, [
      'uri',
      'sha256',
      'bytes',
    ]);
    const typed = (type: string, members: Record<string, fc.Arbitrary<unknown>>, needed: string[]) =>
      some({ type: fc.constant(type), ...members }, ['type', ...needed]);
    const callback = fc.oneof(
      typed('heartbeat', {}, []),
      typed('ack', { token }, ['token']),
      typed('progress', { token, permille: whole, message: name }, ['token', 'permille']),
      typed('complete', { token, output: fc.jsonValue({ maxDepth: 3 }), unitsUsed }, ['token']),
      typed('complete', { token, blob, unitsUsed }, ['token', 'blob']),
      typed('complete', { token, blob, output: fc.constant(null) }, ['token']),
      typed('fail', { token, code: name, message: name, retryable: fc.boolean(), unitsUsed }, ['token', 'code']),
      typed('return', { token, reason: name, unitsUsed }, ['token']),
      typed('other', { token }, []),
    );
    const met = { taken: 0, refused: 0 };
    fc.assert(
      fc.property(mostly(callback), (value) => {
        const text = JSON.stringify(value);
        const context = { cell: 'main', executor: 'e', incarnation: 'i', senders };
        const found = refusal(() => readCallback({ text, bytes: text.length }, context));
        // A token that is none of the cell is of the wire form, but stands for no lease.
        if (found?.details.code === 'stale-token') return;
        expect(found === null).toBe(callbackSchema.safeParse(JSON.parse(text)).success);
        if (found === null) met.taken++;
        else met.refused++;
      }),
      RUNS,
    );
    expect(Math.min(met.taken, met.refused)).toBeGreaterThan(RUNS.numRuns / 20);
  });
});
