/** The tokens of a rate are told as of now: they come back while nothing happens, and no turn says so. */
import { expect, it } from 'vitest';
import { Code } from '../../src/catalogue/generated/codes.js';
import { openMemoryFabric, puttingInto } from '../support/fabric/memory-fabric.js';
import { classLimits, job, registration, submission } from '../support/kernel/build.js';

it('Tokens of a rate are told as of now, also while nothing happens', async () => {
  let now = 0;
  const fabric = await openMemoryFabric({ monotonicMs: () => now, wallMs: () => 1_700_000_000_000 + now });
  const put = puttingInto(fabric);
  await put(Code.SetClassLimits, classLimits({ rates: [{ per: 'starts', add: 6, perMs: 60_000, burst: 6 }] }));
  await put(Code.RegisterExecutor, registration('e1', { slots: 4, sessionMs: 600_000 }));
  await put(
    Code.SubmitDag,
    submission(
      'd',
      ['a', 'b', 'c'].map((id) => job(id)),
    ),
  );
  const tokens = () => fabric.views.classes()[0]!.rates[0]!.tokens;
  const { turn } = fabric.leader;
  expect(tokens()).toBe(3);
  now += 10_000;
  expect(tokens()).toBe(4);
  now += 3_600_000;
  expect(tokens()).toBe(6);
  expect(fabric.leader.turn).toBe(turn);
  await fabric.close();
});
