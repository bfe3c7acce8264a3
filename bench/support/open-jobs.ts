/**
 * A data folder of a fabric with many open jobs, none of which
 * runs: a valid journal, and a store that is nearly up to it.
 */
import { join } from 'node:path';
import { Code } from '../../src/catalogue/generated/codes.js';
import type { InputEntry, JobSpec } from '../../src/catalogue/generated/types.js';
import { LAYOUT } from '../../src/kernel/rows/tables.js';
import { ColdRows } from '../../src/scheduler/rows/cold.js';
import { Materializer } from '../../src/scheduler/rows/materializer.js';
import { openRocksStore } from '../../src/store/rocksdb/open.js';
import { DOCUMENT_JOBS, document, job, submission } from './dags.js';
import { Driver } from './driver.js';
import { CELL, JournalSink } from './journal.js';

/** Jobs of a wide DAG: chains of so many, side by side. */
const CHAINS = 10;
const CHAIN_JOBS = 10;
const WIDE_JOBS = CHAINS * CHAIN_JOBS;
/** Events of a turn that one job can cost when its DAG is accepted, and how many a turn takes. */
const JOBS_PER_TURN = 6_000;
const DIRTY_PER_BATCH = 200_000;
const TENANTS = 16;
/** When the journal began: journal time must not be ahead of the clock, nor more than an hour behind it. */
const WRITTEN_BEFORE_MS = 1_200_000;

export interface OpenJobs {
  readonly jobs: number;
  readonly runnable: number;
  readonly dags: number;
  readonly turns: number;
  readonly journalBytes: number;
}

/**
 * Makes about so many jobs, of which a tenth is runnable: of a hundred, 59 are of documents that wait for their
 * splitter, 4 are DAGs of one job, and 37 stand in chains of ten, ten side by side.
 */
export async function writeOpenJobs(data: string, jobs: number): Promise<OpenJobs> {
  const sink = await JournalSink.open(join(data, 'journal'));
  const { store } = await openRocksStore({ dir: join(data, 'store'), cell: CELL, layout: LAYOUT });
  const cold = new ColdRows(store);
  const driver = new Driver({ take: (turn) => sink.take(turn), cold: cold.put }, true);
  const materializer = new Materializer(driver.kernel.state, store, cold);
  const save = async (): Promise<void> => {
    await sink.flushed();
    const { turn, kernel } = driver;
    const stateHash = kernel.state.hash.toBytes();
    await materializer.write(materializer.drain({ cell: CELL, turn, hash: sink.hash, stateHash }));
  };
  driver.at = Date.now() - WRITTEN_BEFORE_MS;
  settle(driver);
  const counts = { jobs: 0, runnable: 0, dags: 0 };
  while (counts.jobs < jobs) {
    const inputs: InputEntry[] = [];
    for (let inTurn = 0; inTurn < JOBS_PER_TURN && counts.jobs < jobs; ) {
      const { input, size, runnable } = nextDag(driver, counts.dags++);
      inputs.push(input);
      inTurn += size;
      counts.jobs += size;
      counts.runnable += runnable;
    }
    let result = driver.step(inputs);
    while (result.unfinished) result = driver.step([]);
    driver.forgetSpecs();
    if (materializer.dirty() >= DIRTY_PER_BATCH) await save();
  }
  await save();
  await sink.close();
  await store.close();
  return { ...counts, turns: driver.turn, journalBytes: sink.bytes };
}

function settle(driver: Driver): void {
  driver.elect();
  const limits = { weight: 1, openDags: 100_000_000, activeDags: 100_000_000, runnableJobs: 100_000_000 };
  const cell = { knownJobs: 100_000_000, retainTerminalMs: null, retainTerminalJobs: null, retainExecutorsMs: null };
  const inputs = [driver.input(Code.SetCellLimits, cell)];
  for (let i = 0; i < TENANTS; i++) inputs.push(driver.input(Code.SetTenantLimits, { tenant: `t${i}`, ...limits }));
  inputs.push(driver.input(Code.SetTenantLimits, { tenant: 'default', ...limits }));
  driver.step(inputs);
}

interface Made {
  readonly input: InputEntry;
  readonly size: number;
  readonly runnable: number;
}

/** DAGs in a fixed rotation: of 55 there are 20 documents, 32 of one job and 3 wide ones, 812 jobs in all. */
function nextDag(driver: Driver, i: number): Made {
  const more = { tenant: `t${i % TENANTS}`, priority: i % 3 };
  const id = `open-${i}`;
  const place = i % 55;
  if (place < 20) return made(driver.input(Code.SubmitDag, document(id, more)), DOCUMENT_JOBS, 1);
  if (place < 52) return made(driver.input(Code.SubmitDag, submission(id, ONE, more)), 1, 1);
  return made(driver.input(Code.SubmitDag, submission(id, WIDE, more)), WIDE_JOBS, CHAINS);
}

function made(input: InputEntry, size: number, runnable: number): Made {
  return { input, size, runnable };
}

const ONE: readonly JobSpec[] = [job('only', 'extractor')];
const WIDE: readonly JobSpec[] = Array.from({ length: WIDE_JOBS }, (_, i) => {
  const after = i < CHAINS ? [] : [`j${i - CHAINS}`];
  return job(`j${i}`, 'extractor', { after });
});
