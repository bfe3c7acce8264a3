/** `marie import wfformat` on a running fabric: the executor that does nothing takes the times of the instance. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { FabricClient } from '../../../src/client/index.js';
import type { ImportedDag } from '../../../src/import/wfformat.js';
import { atEnd, marie, startFabric, startMarie, temporaryFolder } from './setup.js';

const path = (name: string): string => fileURLToPath(new URL(`../../../${name}`, import.meta.url));

describe('an imported instance', () => {
  it('runs as long as it says, each job after those before it', async () => {
    const { url } = await startFabric(join(await temporaryFolder(), 'data'));
    await startMarie(['dev', path('examples/noop/index.ts'), '--url', url], /registered/);
    const { stdout } = await marie([
      'import',
      'wfformat',
      path('test/support/wfformat/mosaic.json'),
      '--scale',
      '0.02',
    ]);
    const dag = JSON.parse(stdout) as ImportedDag;
    const client = new FabricClient({ url });
    atEnd(() => client.close());
    await client.submit({ id: 'mosaic', ...dag } as never);
    expect((await client.wait('mosaic')).state).toBe('succeeded');
    const ran = new Map((await client.jobs('mosaic')).map((job) => [job.job, job]));
    expect(ran.size).toBe(14);
    for (const { id, estimateMs, after } of dag.jobs) {
      const { dispatchedAtMs, endedAtMs } = ran.get(id)!;
      // Timers of two processes may be a millisecond apart; how much longer it took is the machine's.
      expect(endedAtMs! - dispatchedAtMs!, id).toBeGreaterThanOrEqual(estimateMs - 2);
      for (const before of after) expect(dispatchedAtMs!, id).toBeGreaterThanOrEqual(ran.get(before)!.endedAtMs!);
    }
    const longest = Math.max(...dag.jobs.map(({ estimateMs }) => estimateMs));
    expect(longest).toBeGreaterThan(400);
  });
});
