/** The 24-job document over the wire, each turn synced to the disk: jobs a second from submit to terminal. */
import { DOCUMENT_JOBS } from './support/dags.js';
import type { Bench } from './support/result.js';
import { type Scenario, throughput } from './support/throughput.js';

const LOAD = { openDags: 600, batch: 50, slots: 2_000, jobsPerDag: DOCUMENT_JOBS };

export const documentLoad: Scenario = { ...LOAD, shape: 'documents' };

export const documents: Bench = {
  name: 'documents',
  summary: 'jobs/s of the 24-job document, no-op executors in another process, fsync per turn',
  async run(options) {
    const asJobs = await throughput(documentLoad, options);
    const asFanOut = await throughput({ ...LOAD, shape: 'fan-out' }, options);
    return {
      value: Math.round(asJobs.jobsPerSecond),
      unit: 'jobs/s',
      target: 25_000,
      better: 'higher',
      bound: asJobs.bound,
      parts: asJobs.parts,
      details: {
        ...asJobs.details,
        fanOut: {
          jobsPerSecond: Math.round(asFanOut.jobsPerSecond),
          bound: asFanOut.bound,
          parts: asFanOut.parts,
          ...asFanOut.details,
        },
      },
    };
  },
};
