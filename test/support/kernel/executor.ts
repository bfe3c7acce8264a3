import type { HeldToken } from '../../../src/catalogue/generated/types.js';
import { job, KernelBench } from './bench.js';

/** Two jobs on an executor with two slots, a third one waits. */
export function busy(): { b: KernelBench; held: HeldToken[] } {
  const b = new KernelBench();
  b.register('e1', { slots: 2 });
  b.submit('d', [job('a'), job('b'), job('c')]);
  const held = ['a', 'b'].map((id) => ({ lease: b.lease('d', id), slots: 1 }));
  b.skip();
  return { b, held };
}

/** What its slots are in. */
export function slots(b: KernelBench): string {
  const { executors } = b.kernel.state;
  const { c } = executors;
  const row = executors.find(1);
  return `${c.slots[row]} slots, ${c.reserved[row]} reserved, ${c.reclaiming[row]} reclaiming, ${c.withdrawn[row]} withdrawn`;
}
