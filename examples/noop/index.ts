/**
 * An executor that does nothing, for as long as the input `runMs` of a job says: it plays a DAG on a running fabric
 * whose jobs' run times are known, as those of `marie import wfformat` are.
 *
 *   marie dev examples/noop/index.ts
 *   marie import wfformat montage.json --scale 0.001 | marie submit -
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { defineExecutor } from '../../src/executor/index.js';

export const noop = defineExecutor({
  class: 'noop',
  slots: 16,
  async run({ signal }, { runMs = 0 }: { readonly runMs?: number }) {
    await sleep(runMs, undefined, { signal });
    return null;
  },
});
