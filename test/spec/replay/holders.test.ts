/** Who held the slots that a job waited for: most of them is said of more than half, and otherwise how many. */
import { describe, expect, it } from 'vitest';
import { missedDeadlines, sla, why } from '../../../replay/index.js';
import { blameWords } from '../../../replay/sla/words.js';
import { job } from '../../support/kernel/build.js';
import { at, Stage } from '../../support/replay/stage.js';

const INVOICE = { tenant: 'acme', dag: 'invoice' };

/** All slots are held for 20 s when the invoice comes, by these DAGs with so many jobs each. */
function full(holders: Readonly<Record<string, number>>, invoices: readonly string[] = ['invoice']): Stage {
  const slots = Object.values(holders).reduce((sum, count) => sum + count, 0);
  const stage = new Stage((dag) => (dag in holders ? 20_000 : 1_000)).executor('e1', slots);
  for (const [id, count] of Object.entries(holders)) {
    stage.submit(
      1_000,
      id,
      Array.from({ length: count }, (_, i) => job(`page-${i}`)),
    );
  }
  for (const id of invoices) stage.submit(2_000, id, [job('read')], { deadlineAtMs: at(5_000) });
  return stage;
}

describe('the slots were held', () => {
  it.each([
    [{ a: 3, b: 1 }, 'waited for a slot, most of them held by a', 'most slots were held by 3 jobs of a'],
    [{ a: 1, b: 1 }, 'waited for a slot, the most held by a (50 %)', '50 % of the slots were held by 1 job of a'],
    [
      { a: 1, b: 1, c: 1, d: 1 },
      'waited for a slot, the most held by a (25 %)',
      '25 % of the slots were held by 1 job of a',
    ],
  ])('by %j', async (holders, slaWords, whyWords) => {
    const history = full(holders).play();
    expect((await sla(history, INVOICE)).cause).toBe(`19.0 s: ${slaWords} (class ocr)`);
    const { attempts } = await why(history, { ...INVOICE, job: 'read' });
    expect(attempts[0]!.cause).toMatch(new RegExp(`; ${whyWords}$`));
  });

  it('on all paths together by a share that counts each as long as it waited', async () => {
    const { missed, blame } = await missedDeadlines(full({ a: 1, b: 1 }, ['x', 'y']).play());
    expect(missed.map(({ blame: [first] }) => first)).toMatchObject([
      { on: 'held by a', ms: 19_000, heldPermille: 500 },
      { on: 'held by a', ms: 19_000, heldPermille: 500 },
    ]);
    expect(blame).toMatchObject([{ on: 'held by a', ms: 38_000, heldPermille: 500, dags: 2 }]);
  });
});

it.each([
  ['class-limit', 'held by a', 900, 'the limit of its class was reached (held by a)'],
  ['class-limit', 'held by a', 400, 'the limit of its class was reached (40 % held by a)'],
  ['no-free-slot', 'priority', null, 'too few slots were free, and jobs ranked above it by priority'],
  ['no-free-slot', null, null, 'waited for a slot'],
  ['no-free-slot', 'held by a', 501, 'waited for a slot, most of them held by a'],
  ['run', 'e1', null, 'ran on e1'],
] as const)('says of %s, %s, %s: %s', (kind, on, heldPermille, words) => {
  expect(blameWords({ kind, on, heldPermille })).toBe(words);
});
