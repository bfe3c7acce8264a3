/**
 * From a submission sent to its dispatch received, by one process over the wire, in an open loop; idle and at half load.
 * Idle is a process that has worked: one that has just started (`fresh`) runs code that V8 has not compiled, and at so few a
 * second would do so for all of the measurement.
 */
import { join } from 'node:path';
import { flatLoad } from './flat.js';
import { floorMs } from './load/floor.js';
import { RawClient, type Seen } from './load/raw-client.js';
import { boundOf, costs, functionsOf } from './support/bound.js';
import { startFabric } from './support/fabric.js';
import { spreadOf } from './support/percentiles.js';
import { profileProcess, summarise } from './support/profile.js';
import type { Bench } from './support/result.js';
import { throughput } from './support/throughput.js';

/** About a hundredth of what the fabric can do: nobody waits for anybody, and the processors do not fall asleep. */
const IDLE_PER_SECOND = 100;
/** So few that the machine itself is slower: what is measured then is how it wakes up, as the floor shows. */
const SPARSE_PER_SECOND = 20;
/** Seconds that are not measured: what a start, or a load, leaves to be done comes to its end. */
const SETTLE_SECONDS = 2;
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
      note(`latency: a bare server that appends, syncs and answers`);
      const rates = [IDLE_PER_SECOND, SPARSE_PER_SECOND];
      const [idleFloor, sparseFloor] = await floorMs(folder, rates, seconds);
      note(`latency: a process that has just started, ${IDLE_PER_SECOND} a second`);
      await client.openLoop(IDLE_PER_SECOND, SETTLE_SECONDS);
      const fresh = await client.openLoop(IDLE_PER_SECOND, seconds);
      note(`latency: half load, ${halfPerSecond} a second`);
      await client.openLoop(halfPerSecond, options.warmUpSeconds);
      const half = await client.openLoop(halfPerSecond, seconds);
      note(`latency: idle, ${IDLE_PER_SECOND} a second`);
      await client.openLoop(IDLE_PER_SECOND, SETTLE_SECONDS);
      const idle = await client.openLoop(IDLE_PER_SECOND, seconds);
      note(`latency: sparse, ${SPARSE_PER_SECOND} a second`);
      const sparse = await client.openLoop(SPARSE_PER_SECOND, seconds);
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
          idle: { ...seenAt(IDLE_PER_SECOND, idle), floorMs: idleFloor },
          fresh: seenAt(IDLE_PER_SECOND, fresh),
          sparse: { ...seenAt(SPARSE_PER_SECOND, sparse), floorMs: sparseFloor },
          halfLoad: { targetMs: 2, ...seenAt(halfPerSecond, half) },
          functions: functionsOf(summary, 15),
        },
      };
    } finally {
      await client.close();
      await fabric.kill();
    }
  },
};

/** What an open loop of so many submissions a second has seen, summed up. */
export function seenAt(perSecond: number, { dispatchMs, answerMs, missing }: Seen): object {
  return { perSecond, dispatchMs: spreadOf(dispatchMs), answerMs: spreadOf(answerMs), missing };
}
