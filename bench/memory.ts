/** Resident memory of a fabric with ten million known jobs in open DAGs, a tenth of them runnable. */
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { FabricClient } from '../src/client/index.js';
import { memoryOf } from './support/cpu.js';
import { startFabric } from './support/fabric.js';
import { Inspector } from './support/inspector.js';
import { writeOpenJobs } from './support/open-jobs.js';
import type { Bench } from './support/result.js';

const JOBS = 10_000_000;
const GIB = 2 ** 30;
/** How long the fabric runs before it is measured, so that what starting needed is given back. */
const SETTLE_MS = 5_000;

export const memory: Bench = {
  name: 'memory',
  summary: 'resident memory with 10 million known and 1 million runnable jobs',
  async run({ folder, scale, note }) {
    const data = join(folder, 'memory');
    note(`memory: writing ${JOBS * scale} open jobs`);
    const made = await writeOpenJobs(data, JOBS * scale);
    note('memory: starting a fabric on them');
    const began = performance.now();
    const fabric = await startFabric(data);
    const startSeconds = (performance.now() - began) / 1_000;
    const client = new FabricClient({ url: fabric.url });
    try {
      await setTimeout(SETTLE_MS);
      const cell = await client.operations.cell();
      const value = await memoryOf(fabric.pid, 'VmRSS');
      const heap = await heapOf(await fabric.inspector());
      return {
        value,
        unit: 'bytes',
        target: 2 * GIB * scale,
        better: 'lower',
        bound: boundOf(value, cell.knownJobs, heap),
        parts: [],
        details: {
          knownJobs: cell.knownJobs,
          readyJobs: cell.readyJobs,
          ...made,
          state: 'a journal and a store that the kernel wrote in process, turn by turn; then marie up on them',
          ...heap,
          anonymousBytes: await memoryOf(fabric.pid, 'RssAnon'),
          peakBytes: await memoryOf(fabric.pid, 'VmHWM'),
          startSeconds: Math.round(startSeconds * 10) / 10,
        },
      };
    } finally {
      await client.close();
      await fabric.kill();
    }
  },
};

/** What Node says of the memory that it manages, in bytes. */
interface Heap {
  readonly heapUsed: number;
  readonly heapTotal: number;
  /** The typed arrays that hold the rows, among others. */
  readonly arrayBuffers: number;
  readonly external: number;
}

async function heapOf(inspectorUrl: string): Promise<Heap> {
  const inspector = await Inspector.connect(inspectorUrl);
  try {
    const expression = 'JSON.stringify(process.memoryUsage())';
    const { result } = (await inspector.post('Runtime.evaluate', { expression })) as { result: { value: string } };
    const { heapUsed, heapTotal, arrayBuffers, external } = JSON.parse(result.value) as Heap;
    return { heapUsed, heapTotal, arrayBuffers, external };
  } finally {
    inspector.close();
  }
}

function boundOf(resident: number, jobs: number, { heapTotal, arrayBuffers, external }: Heap): string {
  const each = (bytes: number) => `${Math.round(bytes / jobs)} bytes`;
  const rest = resident - heapTotal - external;
  return `for each known job ${each(resident)}: typed arrays ${each(arrayBuffers)}, JavaScript heap ${each(heapTotal)}, everything else (the store's cache, code) ${each(rest)}`;
}
