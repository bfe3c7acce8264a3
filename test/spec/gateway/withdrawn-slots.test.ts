import { expect, it } from 'vitest';
import { startGateway } from '../../support/gateway.js';

it('tells of slots that are withdrawn from executors which live, not of those that are gone', async () => {
  const gateway = await startGateway();
  const { registered, states, withdrawnOf } = gateway.views;
  for (const seq of [1, 2]) {
    registered.set(`splitter-${seq}`, { seq, incarnation: 'i', live: seq === 1 });
    withdrawnOf.set(seq, 3);
  }
  states.set(2, 'lost');
  const text = await (await fetch(`${gateway.url}/metrics`)).text();
  expect(text).toContain('marie_slots{group="default",class="ocr",state="withdrawn"} 0');
  expect(text).toContain('marie_slots{group="default",class="splitter",state="withdrawn"} 3');
  await gateway.close();
});
