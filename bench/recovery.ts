/** From kill -9 to ready again, with a million open jobs. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { FabricClient } from '../src/client/index.js';
import { flatLoad } from './flat.js';
import { LoadProcess } from './load/process.js';
import { boundOf, costs, functionsOf } from './support/bound.js';
import { type FabricProcess, startFabric } from './support/fabric.js';
import { writeOpenJobs } from './support/open-jobs.js';
import { readProfile, summarise } from './support/profile.js';
import type { Bench } from './support/result.js';

const JOBS = 1_000_000;
/** Starts that are measured; the median counts. */
const KILLS = 3;

export const recovery: Bench = {
  name: 'recovery',
  summary: 'kill -9 to ready again with a million open jobs',
  async run({ folder, scale, note, warmUpSeconds }) {
    const data = join(folder, 'recovery');
    note(`recovery: writing ${JOBS * scale} open jobs`);
    const made = await writeOpenJobs(data, JOBS * scale);
    const starts: Start[] = [];
    let fabric = await startFabric(data);
    for (let i = 0; i < KILLS; i++) {
      note('recovery: load, kill -9, start');
      const load = await LoadProcess.start({ ...flatLoad, url: fabric.url });
      await setTimeout(warmUpSeconds * 1_000);
      const again = await restart(fabric, data);
      await load.stop();
      fabric = again.fabric;
      starts.push(again.start);
    }
    note('recovery: profile');
    const profiles = join(folder, 'profiles');
    const profiled = await restart(fabric, data, profiles);
    await profiled.fabric.stop();
    const summary = summarise(await readProfile(profiles, profiled.start.seconds * 1_000));
    note('recovery: without its store');
    await rm(join(data, 'store'), { recursive: true });
    const fromJournal = await restart(fabric, data);
    await fromJournal.fabric.kill();
    starts.sort((a, b) => a.seconds - b.seconds);
    const value = starts[KILLS >> 1]!.seconds;
    return {
      value,
      unit: 's',
      target: 5,
      better: 'lower',
      bound: boundOf("the starting fabric's thread", summary),
      parts: costs(summary, profiled.start.openJobs),
      details: {
        ...made,
        starts,
        withoutStore: fromJournal.start,
        functions: functionsOf(summary),
      },
    };
  },
};

interface Start {
  readonly seconds: number;
  readonly openJobs: number;
}

async function restart(
  fabric: FabricProcess,
  data: string,
  profiles: string | null = null,
): Promise<{ fabric: FabricProcess; start: Start }> {
  const began = performance.now();
  await fabric.kill();
  const again = await startFabric(data, {}, profiles);
  const client = new FabricClient({ url: again.url });
  const ready = await fetch(`${again.url}/readyz`);
  const seconds = Math.round(performance.now() - began) / 1_000;
  if (!ready.ok) throw new Error(`not ready: ${ready.status} ${await ready.text()}`);
  const { knownJobs } = await client.operations.cell();
  await client.close();
  return { fabric: again, start: { seconds, openJobs: knownJobs } };
}
