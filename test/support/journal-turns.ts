/** Turns as they stand in a journal, for whoever reads them there and folds nothing. */
import { sealInput } from '../../src/catalogue/codec.js';
import { Code } from '../../src/catalogue/generated/codes.js';
import type { AnyEntry, EventEntry, InputEntry, TurnRecord } from '../../src/catalogue/generated/types.js';
import { CELL } from './fake-views.js';
import { submission } from './kernel/build.js';

/** A DAG as a submission names it. */
export interface NamedDag {
  readonly dag: number;
  readonly tenant?: string;
  readonly dagId: string;
}

/** A turn of these entries. */
export function turnOf(turn: number, entries: readonly AnyEntry[]): TurnRecord {
  return {
    format: 1,
    catalogue: new Uint8Array(8),
    cell: CELL,
    epoch: 1,
    writer: new Uint8Array(16),
    turn,
    prev: new Uint8Array(32),
    at: 1_000 + turn,
    stoppedMs: 0,
    policy: 'fifo@1',
    kernel: '1',
    caughtUp: true,
    full: false,
    published: turn - 1,
    inputs: [],
    entries,
    stateHash: new Uint8Array(16),
    syncEveryMs: 0,
  };
}

/** The entries that accept DAGs, at the beginning of a turn: for each its submission, and what comes of it. */
export function accepts(...dags: readonly NamedDag[]): AnyEntry[] {
  return dags.flatMap(({ dag, tenant = 'default', dagId }, index): AnyEntry[] => {
    const sender = { inputId: `in-${dag}`, receivedAtMs: 1, principal: null, traceparent: null };
    const submitted = sealInput(Code.SubmitDag, sender, submission(dagId, [], { tenant }));
    const body = { dag, tenant: 1, work: 0, dagFinish: 0, dueAtMs: 0, estimates: [], held: false };
    return [submitted, { code: Code.DagAccepted, cause: 2 * index, body }];
  });
}

/** A callback that completes a job of a DAG, with an output. */
export function completes(dag: number, output: string): InputEntry {
  const sender = { inputId: `done-${dag}`, receivedAtMs: 1, principal: null, traceparent: null };
  const lease = { dag, job: 0, attempt: 1, token: dag };
  const body = { lease, output: new TextEncoder().encode(output), blob: null, unitsUsed: null };
  return sealInput(Code.CompleteJob, sender, body);
}

/** A control that pauses the DAG of a name. */
export function pauses(tenant: string, dagId: string): InputEntry {
  const sender = { inputId: `pause-${dagId}`, receivedAtMs: 1, principal: null, traceparent: null };
  return sealInput(Code.PauseDag, sender, { tenant, dagId });
}

/** A step of forgetting a DAG. */
export function forgets(dag: number, last = true, from = 0): EventEntry {
  return { code: Code.DagForgotten, cause: -1, body: { dag, from, to: from + 1, last } };
}
