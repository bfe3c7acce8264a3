/**
 * Measures encoding and decoding of one turn of 10,000 typical entries: a callback and the eight events that it leads
 * to, over and over. `npx tsx scripts/measure-catalogue.ts`
 */
import { sealInput } from '../src/catalogue/codec.js';
import { turnHash } from '../src/catalogue/digest.js';
import { Code } from '../src/catalogue/generated/codes.js';
import type { AnyEntry, Evidence, TurnRecord } from '../src/catalogue/generated/types.js';
import { decodeTurn, decodeTurnHeader, encodeTurn, TURN_FORMAT } from '../src/catalogue/turn.js';

const ENTRIES = 10_000;
const ROUNDS = 200;
const AT_MS = 1_764_000_000_000;

function evidence(index: number): Evidence {
  return {
    lane: 2,
    cost: 1000,
    priority: 0,
    tenantTag: 123_456_789 + index,
    dagFinish: 987_654_321,
    rank: 30_000,
    freeAfter: 3,
    runnerUpDag: 123_457,
    runnerUpJob: 3,
    decidedBy: 6,
    runnerUpValue: 2000,
    backfill: false,
  };
}

/** What the end of one job and the start of the next one leave in the journal. */
function jobEntries(index: number, cause: number): AnyEntry[] {
  const dag = 123_456 + (index >> 4);
  const job = index & 31;
  const token = 9_876_543 + index;
  const next = token + 100_000;
  const traceparent = null;
  const sender = {
    inputId: `01JDCZ${(1e12 + index).toString(36)}0ABCDEFGHIJK`,
    receivedAtMs: AT_MS + index,
    principal: null,
    traceparent,
  };
  const output = Buffer.from(`{"pages":${index}}`);
  const lease = { dag, job, attempt: 1, token };
  return [
    sealInput(Code.CompleteJob, sender, { lease, output, blob: null, unitsUsed: null }),
    { code: Code.JobSucceeded, cause, body: { dag, job, attempt: 1 } },
    { code: Code.LeaseReleased, cause, body: { token, reason: 'completed' } },
    { code: Code.SlotReleased, cause, body: { token, slots: 1, occupancyMs: 1234 + job } },
    { code: Code.JobReadied, cause, body: { dag, job: job + 1, shape: 0, deadline: null } },
    { code: Code.LeaseGranted, cause: -2, body: { token: next, dag, job: job + 1, attempt: 1, executor: 12 } },
    { code: Code.SlotReserved, cause: -2, body: { token: next, executor: 12, slots: 1 } },
    {
      code: Code.JobDispatched,
      cause: -2,
      body: { token: next, dag, job: job + 1, evidence: evidence(index), deadline: null },
    },
    { code: Code.DispatchAcknowledged, cause, body: { token: next } },
  ];
}

function typicalTurn(): TurnRecord {
  const entries: AnyEntry[] = [];
  for (let index = 0; entries.length < ENTRIES; index++) entries.push(...jobEntries(index, entries.length));
  return {
    format: TURN_FORMAT,
    catalogue: Buffer.alloc(8),
    cell: 'main',
    epoch: 3,
    writer: Buffer.alloc(16),
    turn: 12_345,
    prev: Buffer.alloc(32),
    at: AT_MS,
    stoppedMs: 0,
    policy: 'fifo@1',
    kernel: '0.1.0',
    caughtUp: true,
    full: false,
    published: 12_344,
    inputs: [{ source: 'embedded', partition: 0, from: 1000, to: 2000 }],
    entries,
    stateHash: Buffer.alloc(16),
    syncEveryMs: 0,
  };
}

/** Millions of entries per second, after as many rounds to warm up. */
function measure(what: string, entries: number, run: () => unknown): void {
  for (let round = 0; round < ROUNDS; round++) run();
  const startedAt = performance.now();
  for (let round = 0; round < ROUNDS; round++) run();
  const seconds = (performance.now() - startedAt) / 1000;
  console.log(`${what.padEnd(28)} ${((entries * ROUNDS) / seconds / 1e6).toFixed(2).padStart(6)} M entries/s`);
}

function report(title: string, turn: TurnRecord): void {
  const bytes = encodeTurn(turn);
  const count = turn.entries.length;
  console.log(`${title}: ${count} entries, ${bytes.length} bytes`);
  measure('encodeTurn', count, () => encodeTurn(turn));
  measure('decodeTurn', count, () => decodeTurn(bytes));
  measure('decodeTurn, digests checked', count, () => decodeTurn(bytes, { digests: 'check' }));
  measure('decodeTurnHeader', count, () => decodeTurnHeader(bytes));
  measure('turnHash', count, () => turnHash(bytes));
}

const turn = typicalTurn();
report('callbacks and events', turn);
report('events alone', {
  ...turn,
  entries: turn.entries.flatMap((entry): AnyEntry[] =>
    'envelope' in entry ? [] : [{ ...entry, cause: -2 } as AnyEntry],
  ),
});
