/** What a fold that was brought up to date from the journal knows beside the rows, and what it keeps in memory. */
import { expect, it } from 'vitest';
import { sealInput } from '../../../src/catalogue/codec.js';
import { Code } from '../../../src/catalogue/generated/codes.js';
import type { InputEntry } from '../../../src/catalogue/generated/types.js';
import { decodeTurn } from '../../../src/catalogue/turn.js';
import { State } from '../../../src/kernel/rows/state.js';
import { LAYOUT } from '../../../src/kernel/rows/tables.js';
import { catchUp, restore } from '../../../src/scheduler/recovery.js';
import { ColdRows } from '../../../src/scheduler/rows/cold.js';
import { Materializer } from '../../../src/scheduler/rows/materializer.js';
import { RestingDags } from '../../../src/scheduler/rows/resting-dags.js';
import { openMemoryFabric } from '../../support/fabric/memory-fabric.js';
import { job, submission } from '../../support/kernel/build.js';
import { MemoryJournal, type MemoryLog } from '../../support/memory/journal.js';
import { openMemoryStore } from '../../support/memory/open-store.js';

const CELL = 'main';

const START_MS = 1_700_000_000_000;
/** From the first reign to the second, in ms. */
const AWAY_MS = 10_000;

const clocksAt = (wallMs: number) => ({ monotonicMs: () => 0, wallMs: () => wallMs });

/** The log of a fabric in which a DAG has ended, and which has stopped, and once more some time later. */
async function logOfEndedDag(): Promise<MemoryLog> {
  const log: MemoryLog = [];
  const fabric = await openMemoryFabric(clocksAt(START_MS), new MemoryJournal(CELL, log));
  const ended = new Promise<void>((resolve) => {
    fabric.outbox.subscribe(({ entries }) => entries.some(({ code }) => code === Code.DagSucceeded) && resolve());
  });
  const sender = { inputId: 'i', receivedAtMs: 0, principal: null, traceparent: null };
  const dag = submission('d', [job('a', { kind: 'noop' })]);
  await fabric.inbox.put(sealInput(Code.SubmitDag, sender, dag) as InputEntry);
  await ended;
  await fabric.close();
  const later = await openMemoryFabric(clocksAt(START_MS + AWAY_MS), new MemoryJournal(CELL, log));
  await later.close();
  return log;
}

/** Brings a fold up to date that stores all that is dirty after each turn, and has no room for DAGs that have ended. */
async function caughtUp(log: MemoryLog) {
  const { store } = await openMemoryStore({ cell: CELL, layout: LAYOUT });
  const state = new State();
  const materializer = new Materializer(state, store, new ColdRows(store), new RestingDags(0));
  const at = await catchUp(materializer, new MemoryJournal(CELL, log), { cell: CELL, dirtyPerBatch: 1 });
  return { at, state, store };
}

it('stands where the last turn says, and knows whether that ended a reign', async () => {
  const log = await logOfEndedDag();
  const turns = log.map(({ bytes }) => decodeTurn(bytes));
  for (const count of [turns.length, turns.length - 1]) {
    const { turn, at, stoppedMs, published } = turns[count - 1]!;
    expect({ stoppedMs, published }).toEqual({ stoppedMs: AWAY_MS, published: turn - 1 });
    const events = turns.slice(0, count).reduce((sum, { entries }) => sum + entries.length, 0);
    const found = await caughtUp(log.slice(0, count));
    expect(found.at).toEqual({ turn, at, stoppedMs, published, events, resigned: count === turns.length });
  }
});

it('keeps no DAG in memory that has ended on the way, and finds it in the store', async () => {
  const { state, store } = await caughtUp(await logOfEndedDag());
  expect(state.dags.table.live).toBe(0);
  const again = new Materializer(new State(), store, new ColdRows(store));
  await restore(again);
  await again.loader.load([1]);
  expect(again.state.dags.find(1)).not.toBe(0);
});
