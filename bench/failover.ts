/** Leaders that are killed, stopped, cut off and told to go, under load: how long the cell has none, and what is lost. */

import { whyNoNetwork } from './failover/network.js';
import { type Fault, Trial } from './failover/trial.js';
import { spreadOf } from './support/percentiles.js';
import type { Bench, BenchOptions } from './support/result.js';

/** Half of all leaders that fail must be followed by another within so long. */
const TARGET_SECONDS = 3;
const TARGET_P99_MS = 6_000;
const TARGET_GRACEFUL_MS = 1_000;
const DOCUMENTS_PER_SECOND = 4;
const ROUND_FAULTS = ['kill', 'zombie', 'partition', 'graceful'] as const satisfies readonly Fault[];
const MIXED_FAULTS = [...ROUND_FAULTS, 'broker'] as const satisfies readonly Fault[];

type Times = Map<Fault, number[]>;

export const failover: Bench = {
  name: 'failover',
  summary: 'from the end of a leader to the next accepted turn, three schedulers on Kafka; --rounds N or --minutes N',
  async run(options) {
    const missing = await whyNoNetwork();
    if (missing !== null) throw new Error(missing);
    const trial = await Trial.start(options.folder, DOCUMENTS_PER_SECOND);
    try {
      return await Promise.race([observe(trial, options), interrupted()]);
    } finally {
      await trial.remove();
    }
  },
};

/** Rejects at Ctrl-C or SIGTERM: brokers, schedulers and their network must not outlive the bench. */
function interrupted(): Promise<never> {
  return new Promise((_, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => reject(new Error(`ended by ${signal}`)));
  });
}

async function observe(trial: Trial, options: BenchOptions) {
  const times = await (options.minutes === null ? rounds(trial, options) : mixed(trial, options, options.minutes));
  options.note('failover: until all that was submitted has ended');
  await trial.end();
  const verdict = await trial.verdict();
  options.note(`failover: ${verdict}`);
  return resultOf(times, trial, verdict);
}

/** So many rounds of each fault, one kind after the other. */
async function rounds(trial: Trial, { rounds: count, note }: BenchOptions): Promise<Times> {
  const times: Times = new Map();
  for (const fault of ROUND_FAULTS) {
    const found: number[] = [];
    times.set(fault, found);
    for (let round = 0; round < count; round++) found.push(await trial.suffer(fault));
    note(`failover: ${fault}: ${JSON.stringify(spreadOf(found))} ms`);
  }
  return times;
}

/** Faults of all kinds by chance, with a pause by chance between them, until the time is up. */
async function mixed(trial: Trial, { note }: BenchOptions, minutes: number): Promise<Times> {
  const times: Times = new Map(MIXED_FAULTS.map((fault) => [fault, []]));
  const end = performance.now() + minutes * 60_000;
  while (performance.now() < end) {
    const fault = MIXED_FAULTS[Math.floor(Math.random() * MIXED_FAULTS.length)]!;
    const ms = await trial.suffer(fault);
    times.get(fault)!.push(ms);
    note(`failover: ${fault}: ${Math.round(ms)} ms; ${trial.load.acknowledged.length} acknowledged`);
    await trial.rest(Math.random() * 4_000);
  }
  return times;
}

function resultOf(times: Times, trial: Trial, verdict: string) {
  const sudden = (['kill', 'zombie', 'partition'] as const).flatMap((fault) => times.get(fault) ?? []);
  const spread = spreadOf(sudden);
  return {
    value: Math.round(spread.p50) / 1_000,
    unit: 's' as const,
    target: TARGET_SECONDS,
    better: 'lower' as const,
    bound: 'the silence after which a standby stands (1.5 s), in steps of its look for turns (0.2 s)',
    parts: [],
    details: {
      sudden: { targetP99Ms: TARGET_P99_MS, ...spread },
      gracefulTargetMs: TARGET_GRACEFUL_MS,
      ...Object.fromEntries([...times].map(([fault, ms]) => [fault, spreadOf(ms)])),
      acknowledged: trial.load.acknowledged.length,
      dispatched: trial.load.dispatched.size,
      journal: verdict,
    },
  };
}
