/** From a submission sent to its dispatch received, by one process over the wire, in an open loop; idle and at half load. */
import { join } from 'node:path';
import { flatLoad } from './flat.js';
import { RawClient } from './load/raw-client.js';
import { boundOf, costs } from './support/bound.js';
import { startFabric } from './support/fabric.js';
import { loadAverage } from './support/machine.js';
import { spreadOf } from './support/percentiles.js';
import { profileProcess, summarise } from './support/profile.js';
import type { Bench } from './support/result.js';
import { throughput } from './support/throughput.js';

const IDLE_PER_SECOND = 20;
/** For as long as it takes to know the flat throughput well enough to halve it. */
const FLAT_SECONDS = 4;

export const latency: Bench = {
  name: 'latency',
  summary: 'submit sent to dispatch received, idle and at half load',
  async run(options) {
    const { seconds, folder, note, retainedJobs } = options;
    const full = await throughput(flatLoad, { ...options, seconds: FLAT_SECONDS });
    const halfPerSecond = Math.round(full.jobsPerSecond / 2);
    const retention = { terminalMs: null, terminalJobs: retainedJobs };
    const fabric = await startFabric(join(folder, 'latency'), { retention });
    const client = new RawClient(fabric.url);
    try {
      await client.open();
      await client.openLoop(IDLE_PER_SECOND * 5, 2);
      note(`latency: idle, ${IDLE_PER_SECOND} a second`);
      const idle = await client.openLoop(IDLE_PER_SECOND, seconds);
      note(`latency: half load, ${halfPerSecond} a second`);
      await client.openLoop(halfPerSecond, options.warmUpSeconds);
      const half = await client.openLoop(halfPerSecond, seconds);
      const inspector = await fabric.inspector();
      const profiled = client.openLoop(halfPerSecond, 3);
      const summary = summarise(await profileProcess(inspector, 3_000));
      await profiled;
      const idleMs = spreadOf(idle.dispatchMs);
      return {
        value: idleMs.p50,
        unit: 'ms',
        target: 1,
        better: 'lower',
        bound: boundOf("at half load the fabric's thread", summary),
        parts: costs(summary, halfPerSecond * 3),
        details: {
          idle: {
            perSecond: IDLE_PER_SECOND,
            dispatchMs: idleMs,
            answerMs: spreadOf(idle.answerMs),
            missing: idle.missing,
          },
          halfLoad: {
            targetMs: 2,
            perSecond: halfPerSecond,
            dispatchMs: spreadOf(half.dispatchMs),
            answerMs: spreadOf(half.answerMs),
            missing: half.missing,
          },
          loadAverage: loadAverage(),
          functions: summary.functions.slice(0, 15).map(({ name, share }) => `${(share * 100).toFixed(1)} % ${name}`),
        },
      };
    } finally {
      await client.close();
      await fabric.kill();
    }
  },
};
