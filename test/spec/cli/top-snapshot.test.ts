import { expect, it } from 'vitest';
import { takeSnapshot } from '../../../src/cli/top/snapshot.js';
import type { FabricClient } from '../../../src/client/index.js';

it('marie top counts what a class does a second by the window that the answer is of', async () => {
  const labels = { group: 'default', class: 'ocr' };
  const series = [{ labels, count: 900, p50Ms: 1, p99Ms: 2 }];
  const operations = {
    cell: async () => ({}),
    capacity: async () => [{ group: 'default', executorClass: 'ocr' }],
    signals: async () => [{ signal: 'slot-occupancy', windowMs: 45_000, series }],
    pressure: async () => [],
  };
  const { windowMs, classes } = await takeSnapshot({ operations } as unknown as FabricClient);
  expect([windowMs, classes[0]?.releasedPerSecond]).toEqual([45_000, 20]);
});
