/** DAGs of one job, submitted in NDJSON batches that are answered per DAG, each turn synced to the disk. */
import type { Bench } from './support/result.js';
import { type Scenario, throughput } from './support/throughput.js';

export const flatLoad: Scenario = { shape: 'flat', jobsPerDag: 1, openDags: 4_000, batch: 500, slots: 4_000 };

export const flat: Bench = {
  name: 'flat',
  summary: 'jobs/s of DAGs of one job, submitted in batches, fsync per turn',
  async run(options) {
    const { jobsPerSecond, bound, parts, details } = await throughput(flatLoad, options);
    return {
      value: Math.round(jobsPerSecond),
      unit: 'jobs/s',
      target: 30_000,
      better: 'higher',
      bound,
      parts,
      details,
    };
  },
};
