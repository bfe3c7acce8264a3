/** A giant beside small DAGs on a running fabric: what small DAGs wait for its sake, and how near it is to its bound. */
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { decodeTurn } from '../src/catalogue/turn.js';
import { FabricClient, type Submission } from '../src/client/index.js';
import { defineExecutor, type Log, runExecutors } from '../src/executor/index.js';
import { nodeDisk } from '../src/journal/files/node-disk.js';
import { openForReading } from '../src/journal/files/reader.js';
import { Chance, Draw } from '../src/simulate/load/chance.js';
import { type DagRecord, Recorder } from '../src/simulate/report/records.js';
import { startFabric } from './support/fabric.js';
import { spreadOf } from './support/percentiles.js';
import type { Bench } from './support/result.js';

const PAGES = 100_000;
const SMALL_DAGS = 5_000;
const SMALL_PER_SECOND = 150;
/** Small DAGs and a giant before those that count: programs that do something for the first time are slow. */
const WARM_UP_DAGS = 600;
const WARM_UP_PAGES = 8_000;
/** How long an attempt runs on average, in ms; nothing else is done in that time. */
const RUN_MS = { splitter: 20, classifier: 50, ocr: 100, extractor: 50 } as const;
/** So many that small DAGs alone use 83 % of classifier and extractor, and the giant can use nine tenths of ocr. */
const SLOTS = { splitter: 1, classifier: 9, ocr: 160, extractor: 9 } as const;

/** Deviation of the logarithm of run times: with equal ones all slots would come free at the same moments. */
const SIGMA = 0.4;

type Class = keyof typeof RUN_MS;

/** How many times as long small DAGs may wait with the giant, and the giant take as its bound. */
const WAIT_TARGET = 1.5;
const GIANT_TARGET = 1.1;

export const giant: Bench = {
  name: 'giant',
  summary: 'a giant beside small DAGs: how many times as long these wait as without it (99th percentile)',
  async run({ scale, folder, note }) {
    const pages = Math.round(PAGES * scale);
    const small = Math.round(SMALL_DAGS * scale);
    note(`giant: ${small} small DAGs alone`);
    const alone = smallOf((await play(join(folder, 'alone'), small, 0)).recorder);
    note(`giant: ${small} small DAGs beside ${pages} pages`);
    const played = await play(join(folder, 'beside'), small, pages);
    const beside = smallOf(played.recorder);
    const found = giantOf(played);
    const ratio = beside.waitMs.p99 / Math.max(1, alone.waitMs.p99);
    return {
      value: Math.round(ratio * 100) / 100,
      unit: 'times',
      target: WAIT_TARGET,
      better: 'lower',
      bound: `small DAGs wait ${beside.waitMs.p99} ms at the 99th percentile, ${alone.waitMs.p99} ms without the giant; it took ${found.timesItsBound} times its bound`,
      parts: [],
      details: { alone, beside, giant: { target: GIANT_TARGET, ...found } },
    };
  },
};

/** A load that was run. */
interface Played {
  readonly recorder: Recorder;
  /** How long attempts on ocr were meant to run, in all, from the giant on. */
  readonly ocrMs: number;
}

/** Runs the load on a new fabric to its end, and reads what its journal says. */
async function play(data: string, small: number, pages: number): Promise<Played> {
  const fabric = await startFabric(data);
  let ocrMs = 0;
  const definitions = executorsOf((executorClass, ms) => {
    if (executorClass === 'ocr') ocrMs += ms;
  });
  const executors = await runExecutors({ url: fabric.url, handleSignals: false, log: SILENT, executors: definitions });
  const client = new FabricClient({ url: fabric.url });
  try {
    await client.submit(giantDag('warm-up', WARM_UP_PAGES));
    await submitSmall(client, 'warm-up', WARM_UP_DAGS);
    await allEnded(client);
    ocrMs = 0;
    if (pages > 0) await client.submit(giantDag('giant', pages));
    await submitSmall(client, 'small', small);
    await allEnded(client);
  } finally {
    await client.close();
    await executors.close(0);
    await fabric.stop();
  }
  return { recorder: await recordsOf(join(data, 'journal')), ocrMs };
}

/** What became of the DAGs and attempts of a journal. */
async function recordsOf(folder: string): Promise<Recorder> {
  const recorder = new Recorder();
  const reader = await openForReading(nodeDisk, folder);
  for await (const { bytes } of reader.read(reader.firstTurn())) recorder.watch(decodeTurn(bytes));
  return recorder;
}

async function allEnded({ operations }: FabricClient): Promise<void> {
  while ((await operations.cell()).openDags > 0) await setTimeout(100);
}

/** Sends small DAGs as a Poisson process, whatever the answers take. */
async function submitSmall(client: FabricClient, name: string, count: number): Promise<void> {
  const chance = new Chance(1);
  const answers: Promise<unknown>[] = [];
  const began = performance.now();
  for (let n = 0, dueMs = 0; n < count; n++) {
    dueMs += chance.exponential(1_000 / SMALL_PER_SECOND, Draw.gap, n);
    const aheadMs = began + dueMs - performance.now();
    if (aheadMs > 1) await setTimeout(aheadMs);
    answers.push(client.submit(smallDag(name, n)));
  }
  await Promise.all(answers);
}

const job = (id: string, executorClass: Class, after: readonly string[] = []) => {
  return { id, executorClass, after, estimateMs: RUN_MS[executorClass] };
};

function smallDag(name: string, n: number): Submission {
  const jobs = [job('classify', 'classifier'), job('ocr', 'ocr', ['classify']), job('extract', 'extractor', ['ocr'])];
  return { id: `${name}-${n}`, name, jobs };
}

function giantDag(id: string, pages: number): Submission {
  const page = { ...job('page', 'ocr', ['split']), fanOut: { count: pages } };
  return { id, name: id, jobs: [job('split', 'splitter'), page, job('merge', 'splitter', ['page'])] };
}

/** Executors that wait as long as chance says; `ran` is told how long. */
function executorsOf(ran: (executorClass: Class, ms: number) => void) {
  const chance = new Chance(2);
  let runs = 0;
  return (Object.keys(SLOTS) as Class[]).map((executorClass) =>
    defineExecutor({
      class: executorClass,
      slots: SLOTS[executorClass],
      run: () => {
        const ms = Math.round(chance.lognormal(RUN_MS[executorClass], SIGMA, Draw.run, ++runs, 0, 0));
        ran(executorClass, ms);
        return setTimeout(ms, null);
      },
    }),
  );
}

const silent = () => undefined;
const SILENT: Log = { debug: silent, info: silent, warn: silent, error: silent, child: () => SILENT };

/** What small DAGs have waited for slots, all jobs of a DAG together, and how long they took. */
function smallOf({ dags, attempts }: Recorder) {
  const waits = new Map<DagRecord, number>();
  for (const { dag, readyAt, dispatchedAt } of attempts) {
    if (dag.submission.name === 'small') waits.set(dag, (waits.get(dag) ?? 0) + dispatchedAt - readyAt);
  }
  const small = dags.filter(({ submission }) => submission.name === 'small');
  return {
    waitMs: spreadOf([...waits.values()]),
    tookMs: spreadOf(small.map(({ endedAt, acceptedAt }) => endedAt! - acceptedAt)),
  };
}

/**
 * How long the giant took, and its bound: all work on the slots of its pages, its own and that of the small DAGs, which
 * end before it, divided by the slots, and its split and merge.
 */
function giantOf({ recorder: { dags, attempts }, ocrMs }: Played) {
  const found = dags.find(({ submission }) => submission.name === 'giant')!;
  const tookMs = found.endedAt! - found.acceptedAt;
  const boundMs = Math.round(ocrMs / SLOTS.ocr) + 2 * RUN_MS.splitter;
  const onOcr = attempts.filter(({ executorClass, dispatchedAt }) => {
    return executorClass === 'ocr' && dispatchedAt >= found.acceptedAt;
  });
  const heldMs = onOcr.reduce((sum, one) => sum + one.releasedAt! - one.dispatchedAt, 0);
  return {
    tookMs,
    boundMs,
    timesItsBound: Math.round((tookMs / boundMs) * 1_000) / 1_000,
    /** Slot time in use, and how long a slot was held beyond its run, on average. */
    ocrInUse: Math.round((heldMs / (tookMs * SLOTS.ocr)) * 1_000) / 1_000,
    heldBeyondRunMs: Math.round(((heldMs - ocrMs) / onOcr.length) * 10) / 10,
  };
}
