/**
 * Turns that are computed ahead and never reach the journal, with batches that were packed from them: afterwards rows,
 * cold rows and store are those of a leader that never computed them.
 */
import { describe, expect, it } from 'vitest';
import { Code, LeaseState } from '../../src/catalogue/generated/codes.js';
import type { InputEntry } from '../../src/catalogue/generated/types.js';
import type { ColdRow } from '../../src/kernel/fold.js';
import { Kernel } from '../../src/kernel/kernel.js';
import { LAYOUT } from '../../src/kernel/tables.js';
import { ColdRows } from '../../src/scheduler/cold.js';
import { fetchNeeds } from '../../src/scheduler/fetch.js';
import { type Batch, Materializer } from '../../src/scheduler/materializer.js';
import { noteEnds } from '../../src/scheduler/recovery.js';
import { openMemoryStore } from '../../src/store/memory/open.js';
import type { Store } from '../../src/store/port.js';
import { chanceOf } from '../contract/journal-support/faulty-disk.js';
import { cellLimits, fanOut, input, job, json, registration, submission } from '../support/kernel/build.js';
import { checkRows } from '../support/kernel/invariants.js';

const CELL = 'main';
const TURNS = 60;

type Chance = (below: number) => number;

/** A leader's fold on a store of its own. */
class Fold {
  readonly kernel = new Kernel();
  readonly cold: ColdRows;
  readonly materializer: Materializer;
  turn = 0;
  at = 1000;

  constructor(readonly store: Store) {
    this.cold = new ColdRows(store);
    this.materializer = new Materializer(this.kernel.state, store, this.cold);
  }

  /** Computes a turn; what it puts into the cold rows is noted. */
  async compute(turn: number, at: number, inputs: readonly InputEntry[], made: ColdRow[]): Promise<void> {
    const request = { turn, at, stoppedMs: 0, shell: [], inputs, caughtUp: true, published: this.turn };
    await fetchNeeds(this.kernel, this.cold, this.materializer, request);
    const { entries } = this.kernel.turn(request, this.cold, (row) => {
      made.push(row);
      this.cold.put(row);
    });
    noteEnds(this.materializer, entries);
  }

  async accepted(inputs: readonly InputEntry[]): Promise<void> {
    this.turn += 1;
    this.at += 1000;
    await this.compute(this.turn, this.at, inputs, []);
    this.kernel.accept();
  }

  pack(turn: number): Batch {
    const stateHash = this.kernel.state.hash.toBytes();
    return this.materializer.drain({ cell: CELL, turn, hash: new Uint8Array(32), stateHash });
  }

  async stored(): Promise<void> {
    const batch = this.pack(this.turn);
    await this.materializer.write(batch);
    this.materializer.evict(batch.terminal);
    this.materializer.evictNow();
  }

  /** Computes up to two turns ahead, packs a batch after one of them perhaps, and takes all of it back. */
  async voided(chance: Chance): Promise<void> {
    const made: ColdRow[] = [];
    let batch: Batch | null = null;
    const turns = 1 + chance(2);
    for (let n = 1; n <= turns; n++) {
      await this.compute(this.turn + n, this.at + n * 1000, this.inputs(chance, `v${this.turn}`), made);
      if (batch === null && chance(2) === 0) batch = this.pack(this.turn + n);
    }
    this.kernel.undo();
    this.materializer.takeBack(batch, made);
  }

  /** What may come in now: by rows that an undo brings back, and by chance. */
  inputs(chance: Chance, prefix: string): InputEntry[] {
    const { leases } = this.kernel.state;
    const found: InputEntry[] = [];
    const say = (entry: InputEntry) => found.push(withId(entry, `${prefix}-${this.turn}-${found.length}`));
    const tokens: number[] = [];
    for (let row = 1; row < leases.table.high; row++) {
      if (leases.table.isLive(row) && leases.c.state[row] === LeaseState.inForce) tokens.push(leases.keyA[row]!);
    }
    for (const token of tokens.sort((a, b) => a - b)) {
      const row = leases.find(token);
      const lease = { dag: leases.c.dag[row]!, job: leases.c.job[row]!, attempt: 0, token };
      const { dags, jobs, space } = this.kernel.state;
      const ref = { ...lease, attempt: jobs.c.attempt[space.handle(dags.find(lease.dag), lease.job)]! };
      const output = json({ n: chance(1000) });
      if (chance(3) === 0) say(input(Code.CompleteJob, { lease: ref, output, blob: null, unitsUsed: null }));
      else if (chance(4) === 0) say(failure(ref));
    }
    if (chance(2) === 0) say(input(Code.SubmitDag, dagOf(chance, `${prefix}-${this.turn}`)));
    if (chance(8) === 0) say(input(Code.CancelDag, { tenant: 'acme', dagId: `d-${chance(TURNS)}`, reason: '' }));
    if (chance(6) === 0) say(input(Code.RetryDag, { tenant: 'acme', dagId: `d-${chance(TURNS)}` }));
    if (chance(6) === 0) {
      const retainTerminalMs = [0, 2000, null][chance(3)]!;
      say(input(Code.SetCellLimits, cellLimits({ retainTerminalMs })));
    }
    say(input(Code.RegisterExecutor, registration('e1', { slots: 4, sessionMs: 600_000 })));
    return found;
  }
}

/** The same input under an id that no other run mints. */
function withId(entry: InputEntry, inputId: string): InputEntry {
  return { ...entry, envelope: { ...entry.envelope, inputId } };
}

function failure(lease: { dag: number; job: number; attempt: number; token: number }): InputEntry {
  return input(Code.FailJob, { lease, code: 'broken', message: 'no', retryable: false, unitsUsed: null });
}

function dagOf(chance: Chance, id: string) {
  const jobs = [job('a'), job('f', { after: ['a'], fanOut: fanOut(1 + chance(70)) }), job('z', { after: ['f'] })];
  return submission(id, jobs.slice(0, 1 + chance(3)), { failurePolicy: 'continue' });
}

/** Everything that the store holds, as lines. */
async function contentsOf(fold: Fold): Promise<string[]> {
  const lines: string[] = [];
  for await (const chunk of fold.store.scan(Uint8Array.of(1), Uint8Array.of(0xff))) {
    for (const { key, value } of chunk) {
      lines.push(`${Buffer.from(key).toString('hex')} ${Buffer.from(value).toString('hex')}`);
    }
  }
  return lines;
}

async function run(seed: number, voids: boolean): Promise<Fold> {
  const { store } = await openMemoryStore({ cell: CELL, layout: LAYOUT });
  const fold = new Fold(store);
  const chance = chanceOf(seed);
  const other = chanceOf(seed + 1);
  for (let n = 0; n < TURNS; n++) {
    if (voids && other(2) === 0) await fold.voided(other);
    await fold.accepted(fold.inputs(chance, 'd'));
    if (chance(3) === 0) await fold.stored();
  }
  if (voids) await fold.voided(other);
  await fold.stored();
  checkRows(fold.kernel.state);
  expect(fold.cold.goneOf(Array.from({ length: 2 * TURNS }, (_, i) => i + 1))).toEqual(new Set());
  return fold;
}

describe('turns that were voided', () => {
  it('leave rows and store as they would be without them', async () => {
    for (let seed = 1; seed <= 12; seed++) {
      const [plain, voided] = [await run(seed, false), await run(seed, true)];
      expect(voided.kernel.state.hash.toBytes(), `seed ${seed}`).toEqual(plain.kernel.state.hash.toBytes());
      expect(await contentsOf(voided), `seed ${seed}`).toEqual(await contentsOf(plain));
    }
  });

  it('leave no row in the store that is cleared before it is stored again', async () => {
    const chain = submission('d', [job('a'), job('b', { after: ['a'] })]);
    const lease = { dag: 1, job: 0, attempt: 1, token: 1 };
    const uncordon = () => [withId(input(Code.UncordonExecutor, { executor: 'e1' }), 'uncordon')];
    const stored = async (voids: boolean) => {
      const { store } = await openMemoryStore({ cell: CELL, layout: LAYOUT });
      const fold = new Fold(store);
      await fold.accepted([withId(input(Code.SubmitDag, chain), 'submission')]);
      await fold.stored();
      // The flow's row, which is stored, is cleared and then made anew for the next job.
      await fold.accepted([
        withId(input(Code.RegisterExecutor, registration('e1', { sessionMs: 600_000 })), 'register'),
      ]);
      await fold.accepted([
        withId(input(Code.CordonExecutor, { executor: 'e1' }), 'cordon'),
        withId(input(Code.CompleteJob, { lease, output: null, blob: null, unitsUsed: null }), 'completion'),
      ]);
      if (voids) {
        const made: ColdRow[] = [];
        await fold.compute(fold.turn + 1, fold.at + 1000, uncordon(), made);
        const batch = fold.pack(fold.turn + 1);
        fold.kernel.undo();
        fold.materializer.takeBack(batch, made);
      }
      await fold.accepted(uncordon());
      await fold.stored();
      return contentsOf(fold);
    };
    expect(await stored(true)).toEqual(await stored(false));
  });
});
