/** Dispatches of large inputs are put together a few at a time: those of one turn may have gigabytes. */
import { expect, it } from 'vitest';
import { Code } from '../../../src/catalogue/generated/codes.js';
import { parseLease } from '../../../src/catalogue/lease.js';
import { systemClocks } from '../../../src/main/adapters/system.js';
import type { DispatchView } from '../../../src/scheduler/views/port.js';
import { openMemoryFabric, puttingInto } from '../../support/fabric/memory-fabric.js';
import { fanOut, job, registration, submission } from '../../support/kernel/build.js';

const CHILDREN = 12;
const tokens = Array.from({ length: CHILDREN }, (_, child) => 2 + child);

it('the first ones come, one at least, and the others when they are asked for', async () => {
  const fabric = await openMemoryFabric(systemClocks);
  const put = puttingInto(fabric);
  const none = { uri: null, from: null, at: null, value: null };
  const inputs = [1, 2, 3].map((place) => ({ ...none, name: `input-${place}`, from: 'a' }));
  await put(Code.RegisterExecutor, registration('e', { slots: CHILDREN }));
  await put(Code.SubmitDag, submission('d', [job('a'), job('b', { after: ['a'], inputs, fanOut: fanOut(CHILDREN) })]));
  const [first] = await fabric.views.dispatches([1]);
  const output = Buffer.from(JSON.stringify('x'.repeat(200_000)));
  await put(Code.CompleteJob, { lease: parseLease('main', first!.token), output, blob: null, unitsUsed: null });
  await expect.poll(async () => (await fabric.views.dispatches(tokens.slice(-1)))[0]?.job).toBe(`b[${CHILDREN - 1}]`);

  const views: (DispatchView | null)[] = [];
  while (views.length < CHILDREN) {
    const some = await fabric.views.dispatches(tokens.slice(views.length));
    expect(some.length).toBeGreaterThan(0);
    expect(some.length).toBeLessThan(4);
    views.push(...some);
  }
  expect(views.map((view) => view?.child)).toEqual(tokens.map((token) => token - 2));
  await fabric.close();
});
