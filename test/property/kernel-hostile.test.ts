/**
 * Whatever is of the catalogue's form may come from a topic: inputs that are right but for one field, which has any value
 * of its type. The kernel refuses or carries out, and never throws (law 10); its rows stay as they must be.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shortName, type TypeRef } from '../../scripts/catalogue/load.js';
import { sealInput } from '../../src/catalogue/codec.js';
import { CatalogueError } from '../../src/catalogue/error.js';
import { Code } from '../../src/catalogue/generated/codes.js';
import type { InputEntry } from '../../src/catalogue/generated/types.js';
import { Kernel } from '../../src/kernel/kernel.js';
import { anyValue, catalogue } from '../support/catalogue-values.js';
import { fanOut, job, json, registration, retry, submission } from '../support/kernel/build.js';
import { recordOf } from '../support/kernel/bytes.js';
import { ColdStore } from '../support/kernel/cold.js';
import { checkState } from '../support/kernel/invariants.js';
import { Replica } from '../support/kernel/replica.js';

const runs = Number(process.env['MARIE_RUNS'] ?? 150);
const seed = process.env['MARIE_SEED'] ?? '1';

type Fields = Record<string, unknown>;
interface Sent {
  readonly name: string;
  readonly body: Fields;
}

/** A right input of each kind; `n` picks among names and tokens that may be there. */
const RIGHT: Readonly<Record<string, (n: number) => object>> = {
  SubmitDag: (n) =>
    submission(`d${n % 4}`, [job('a', { retry: retry(2) }), job('b', { after: ['a'], fanOut: fanOut(n % 3) })], {
      idempotencyKey: `k${n}`,
    }),
  RegisterExecutor: (n) => registration(`e${n % 2}`, { slots: 3 }),
  DeregisterExecutor: (n) => ({ executor: `e${n % 2}`, incarnation: `e${n % 2}-1` }),
  Heartbeat: (n) => ({ executor: `e${n % 2}`, incarnation: `e${n % 2}-1` }),
  AcknowledgeDispatch: (n) => ({ lease: leaseOf(n) }),
  ReportProgress: (n) => ({ lease: leaseOf(n), permille: 10, message: null }),
  CompleteJob: (n) => ({ lease: leaseOf(n), output: json({ n }), blob: null, unitsUsed: null }),
  FailJob: (n) => ({ lease: leaseOf(n), code: 'x', message: '', retryable: n % 2 === 0, unitsUsed: null }),
  ReturnJob: (n) => ({ lease: leaseOf(n), reason: '', unitsUsed: null }),
  CancelJob: (n) => ({ tenant: 'acme', dagId: `d${n % 4}`, job: 'a', reason: '' }),
  RetryJob: (n) => ({ tenant: 'acme', dagId: `d${n % 4}`, job: 'a' }),
  CordonExecutor: (n) => ({ executor: `e${n % 2}` }),
  UncordonExecutor: (n) => ({ executor: `e${n % 2}` }),
  DrainExecutor: (n) => ({ executor: `e${n % 2}`, incarnation: n % 3 === 0 ? null : `e${n % 2}-${n % 3}` }),
  SetPolicy: () => ({ policy: 'default@1' }),
};

/** As a rule the first job of each DAG is dispatched first, and DAGs in their order. */
function leaseOf(n: number) {
  const token = 1 + (n % 3);
  return { dag: token, job: 0, attempt: 1, token };
}

/** Kinds that come more often than others: without them there is nothing to be hostile to. */
const OFTEN = new Set(['SubmitDag', 'RegisterExecutor', 'CompleteJob']);

/** An input of the kind: the right one with one field of any value; or, where there is no right one, any value at all. */
function almostRight(name: string): fc.Arbitrary<Sent> {
  const right = RIGHT[name];
  if (right === undefined) return named(name).map((body) => ({ name, body }));
  const way = fc.array(fc.nat({ max: 30 }), { minLength: 4, maxLength: 4 });
  return fc.tuple(fc.nat({ max: 40 }), way).chain(([n, [isSpoiled = 0, ...picks]]) => {
    const body = right(n) as Fields;
    if (isSpoiled % 3 === 0) return fc.constant({ name, body });
    const { path, type } = fieldOf(name, body, picks);
    return anyValue(type).map((value) => ({ name, body: replaced(body, path, value) as Fields }));
  });
}

/** Any value of the kind, for a DAG that may be there. */
function named(name: string): fc.Arbitrary<Fields> {
  return fc.tuple(anyValue(name), fc.nat({ max: 8 })).map(([value, n]) => {
    const body = value as Fields;
    return 'dagId' in body && n < 7 ? { ...body, tenant: 'acme', dagId: `d${n % 4}` } : body;
  });
}

interface Place {
  readonly path: readonly (string | number)[];
  readonly type: TypeRef;
}

/** A field of a record, or of a record in it, as far down as there are picks. */
function fieldOf(type: TypeRef, value: unknown, [pick = 0, ...picks]: readonly number[]): Place {
  if (value === null || value === undefined) return { path: [], type };
  if (Array.isArray(type)) return fieldOf(type[1] as TypeRef, value, [pick, ...picks]);
  if (typeof type !== 'string') {
    const list = value as readonly unknown[];
    if (list.length === 0 || picks.length === 0) return { path: [], type };
    const at = pick % list.length;
    const inner = fieldOf((type as { readonly items: TypeRef }).items, list[at], picks);
    return { path: [at, ...inner.path], type: inner.type };
  }
  const schema = catalogue.byName.get(shortName(type));
  if (schema?.type !== 'record') return { path: [], type };
  const field = schema.fields[pick % schema.fields.length]!;
  if (picks.length === 0) return { path: [field.name], type: field.type };
  const inner = fieldOf(field.type, (value as Fields)[field.name], picks);
  return { path: [field.name, ...inner.path], type: inner.type };
}

/** A value with another one in its place. */
function replaced(value: unknown, [key, ...path]: readonly (string | number)[], by: unknown): unknown {
  if (key === undefined) return by;
  if (Array.isArray(value)) return value.map((one, i) => (i === key ? replaced(one, path, by) : one));
  const fields = value as Fields;
  return { ...fields, [key]: replaced(fields[key as string], path, by) };
}

const sent = fc.oneof(
  ...catalogue.inputs.map(({ name }) => ({ weight: OFTEN.has(name) ? 5 : 1, arbitrary: almostRight(name) })),
);
const steps = fc.array(
  fc.record({ inputs: fc.array(sent, { maxLength: 4 }), laterMs: fc.constantFrom(0, 1, 2000, 40_000) }),
  {
    minLength: 1,
    maxLength: 25,
  },
);

/** The sealed input; null where the edge would refuse it already. */
function sealed({ name, body }: Sent, inputId: string): InputEntry | null {
  const sender = { inputId, receivedAtMs: 0, principal: null, traceparent: null };
  try {
    return sealInput(Code[name as keyof typeof Code] as InputEntry['code'], sender, body as never);
  } catch (error) {
    if (error instanceof CatalogueError) return null;
    throw error;
  }
}

describe('inputs of the right form and with any values', () => {
  it('are refused or carried out', { timeout: 3_600_000 }, () => {
    const seen = new Set<number>();
    const property = fc.property(steps, (history) => {
      const kernel = new Kernel();
      const cold = new ColdStore();
      const replica = new Replica();
      let at = 1000;
      history.forEach(({ inputs: given, laterMs }, i) => {
        at += laterMs;
        const inputs = given.flatMap((one, n) => sealed(one, `${i}-${n}`) ?? []);
        const request = { turn: i + 1, at, stoppedMs: 0, shell: [], inputs, caughtUp: true, published: i };
        const result = kernel.turn(request, cold.viewFor(kernel, request), cold.put);
        kernel.accept();
        checkState(kernel.state);
        for (const { code } of result.entries) seen.add(code);
        replica.fold(recordOf(request, result));
      });
    });
    fc.assert(property, { numRuns: runs, ...(seed === 'random' ? {} : { seed: Number(seed) }) });
    // Else all of them were refused, and nothing was tried.
    const met = [Code.DagAccepted, Code.JobDispatched, Code.JobSucceeded, Code.DagSucceeded, Code.InputRefused];
    expect(met.filter((code) => !seen.has(code))).toEqual([]);
  });
});
