/** A fabric in its own process under a load in another: what `documents` and `flat` measure. */
import { writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { FabricClient } from '../../src/client/index.js';
import type { ConfigInput } from '../../src/main/config/config.js';
import type { LoadOptions } from '../load/messages.js';
import { LoadProcess } from '../load/process.js';
import { boundOf, costs, functionsOf, percent } from './bound.js';
import { type CpuTime, cpuTimeOf, memoryOf } from './cpu.js';
import { type FabricProcess, startFabric } from './fabric.js';
import { type EncodedTurn, historyOf, turnsOfFiles, type Window } from './history.js';
import { round } from './percentiles.js';
import { profileProcess, summarise } from './profile.js';
import type { BenchOptions, PartCost } from './result.js';

const MAX_PROFILE_SECONDS = 5;

export interface Throughput {
  readonly jobsPerSecond: number;
  readonly bound: string;
  readonly parts: readonly PartCost[];
  /** What the journal says of the time that was measured. */
  readonly window: Window;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Where the fabric has its log. */
export interface Log {
  readonly settings: ConfigInput;
  /** All turns of a fabric that has stopped. */
  turns(data: string): AsyncIterable<EncodedTurn>;
}

const FILES: Log = { settings: {}, turns: (data) => turnsOfFiles(join(data, 'journal')) };

export type Scenario = Omit<LoadOptions, 'url'> & { readonly jobsPerDag: number };

/** Runs a load against a new fabric: warm-up, measurement, profile, end. */
export async function throughput(scenario: Scenario, options: BenchOptions, log: Log = FILES): Promise<Throughput> {
  const data = join(options.folder, scenario.shape);
  const retention = { terminalMs: null, terminalJobs: options.retainedJobs };
  const fabric = await startFabric(data, { ...log.settings, retention });
  try {
    const load = await LoadProcess.start({ ...scenario, url: fabric.url });
    try {
      return await observe(scenario, options, { data, fabric, load, log });
    } finally {
      await load.stop();
    }
  } finally {
    await fabric.kill();
  }
}

interface Parts {
  readonly data: string;
  readonly fabric: FabricProcess;
  readonly load: LoadProcess;
  readonly log: Log;
}

async function observe(scenario: Scenario, options: BenchOptions, parts: Parts): Promise<Throughput> {
  const { fabric, load, data, log } = parts;
  const { seconds, warmUpSeconds, note } = options;
  note(`${scenario.shape}: warm-up, ${warmUpSeconds} s`);
  await setTimeout(warmUpSeconds * 1_000);
  note(`${scenario.shape}: measurement, ${seconds} s`);
  const before = await momentOf(parts);
  await setTimeout(seconds * 1_000);
  const after = await momentOf(parts);
  const profileSeconds = Math.min(MAX_PROFILE_SECONDS, seconds);
  note(`${scenario.shape}: profile, ${profileSeconds} s`);
  const inspector = await fabric.inspector();
  const from = await momentOf(parts);
  const profile = await profileProcess(inspector, profileSeconds * 1_000);
  const to = await momentOf(parts);
  const profiled = (to.counts.finished - from.counts.finished) * scenario.jobsPerDag;
  if (options.keepProfiles) await keep(profile, scenario, options);
  const end = await load.finish();
  await untilAllEnded(fabric.url);
  const rss = await memoryOf(fabric.pid, 'VmRSS');
  await fabric.stop();
  note(`${scenario.shape}: reading the journal`);
  const history = await historyOf(log.turns(data), before.wallMs, after.wallMs);
  if (history.succeededDags !== end.submitted || history.otherEnds > 0) {
    throw new Error(
      `${end.submitted} DAGs were accepted, ${history.succeededDags} succeeded, ${history.otherEnds} did not`,
    );
  }
  const summary = summarise(profile);
  const ms = after.monotonicMs - before.monotonicMs;
  const jobs = history.window.dagsSucceeded * scenario.jobsPerDag;
  return {
    jobsPerSecond: jobs / history.window.seconds,
    bound: boundOf("the fabric's thread", summary),
    parts: costs(summary, profiled, to.fabric.mainMs - from.fabric.mainMs),
    window: history.window,
    details: {
      openDags: scenario.openDags,
      retainedJobs: options.retainedJobs,
      fabricThread: percent((after.fabric.mainMs - before.fabric.mainMs) / ms),
      fabricOtherThreads: percent((after.fabric.othersMs - before.fabric.othersMs) / ms),
      loadProcess: percent((sum(after.load) - sum(before.load)) / ms),
      fabricUsPerJob: round(((sum(after.fabric) - sum(before.fabric)) * 1_000) / jobs),
      loadUsPerJob: round(((sum(after.load) - sum(before.load)) * 1_000) / jobs),
      dagMs: after.counts.dagMs,
      requestMs: after.counts.requestMs,
      ...history.window.details,
      residentBytes: rss,
      functions: functionsOf(summary),
    },
  };
}

/** The last jobs have run; their callbacks may be under way. */
async function untilAllEnded(url: string): Promise<void> {
  const client = new FabricClient({ url });
  try {
    while ((await client.operations.cell()).openDags > 0) await setTimeout(50);
  } finally {
    await client.close();
  }
}

async function momentOf({ fabric, load }: Parts) {
  const counts = await load.count();
  return {
    counts,
    wallMs: Date.now(),
    monotonicMs: performance.now(),
    fabric: await cpuTimeOf(fabric.pid),
    load: await cpuTimeOf(load.pid),
  };
}

function sum({ mainMs, othersMs }: CpuTime): number {
  return mainMs + othersMs;
}

/** Beside the temporary folder, so that it stays. */
async function keep(profile: unknown, { shape }: Scenario, { folder, note }: BenchOptions): Promise<void> {
  const file = join(dirname(folder), `${basename(shape)}.cpuprofile`);
  await writeFile(file, JSON.stringify(profile));
  note(`profile: ${file}`);
}
