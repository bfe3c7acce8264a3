/** Values of the fields of keys, as evidence tells them. */
import { describe, expect, it } from 'vitest';
import { why } from '../../../replay/index.js';
import { valueWords } from '../../../replay/why/values.js';
import { partWords } from '../../../replay/why/words.js';
import { Code } from '../../../src/catalogue/generated/codes.js';
import { job } from '../../support/kernel/build.js';
import { at, Stage } from '../../support/replay/stage.js';

describe('a value by which a job comes before another one', () => {
  it.each([
    ['tenant-tag', 12_345_678, '12,345.678 slot-s'],
    ['dag-finish', 20_000, '20.0 slot-s'],
    ['dag-tag', 100, '0.1 slot-s'],
    ['rank', 100, '100 ms'],
    ['need-ms', 7_210_010, '7,210.01 s'],
    ['estimate', 2_500, '2.5 s'],
    ['deadline-at', 1_795_892_953_798, '2026-11-28 19:09:13.798'],
    ['deadline-at', null, 'none'],
    ['sla-bucket', -3, '-3'],
    ['lane', 1, 'urgent'],
    ['unstarted', 1, 'not begun'],
    ['priority', -1_000_000, '-1,000,000'],
    ['ready-seq', 45, '45'],
  ] as const)('%s %j is %s', (field, value, words) => {
    expect(valueWords(field, value)).toBe(words);
  });

  it('is none of a wait for the next turn, which need not have been full', () => {
    expect(partWords({ reason: 'turn-full', on: null })).toBe('waited for the next turn of the fabric');
  });

  it('is told beside what was too little: slots may be free, and not enough on one executor', () => {
    const words = ['rank', null].map((on) => partWords({ reason: 'no-free-slot', on }));
    expect(words).toEqual([
      'too few slots were free, and jobs ranked above it by the length of the path behind them',
      'was first in line, and too few slots of its class were free',
    ]);
  });

  it('of a DAG without a deadline is none', async () => {
    const deadlineAtMs = at(13_000);
    const read = [job('read', { estimateMs: 1_000 })];
    const history = new Stage(() => 1_000)
      .give(0, Code.SetPolicy, { policy: 'edf@1' })
      .executor('e1', 1)
      .submit(9_500, 'first', read)
      .submit(10_000, 'invoice', read)
      .submit(10_100, 'due', read, { deadlineAtMs })
      .play();
    const [attempt] = (await why(history, { tenant: 'acme', dag: 'invoice', job: 'read' })).attempts;
    expect(attempt!.overtakings[0]).toMatchObject({ rule: 'deadline-at', value: deadlineAtMs, own: null });
    const [other] = (await why(history, { tenant: 'acme', dag: 'due', job: 'read' })).attempts;
    expect(other!.decision).toMatchObject({
      decidedBy: 'deadline-at',
      key: [{ value: deadlineAtMs, runnerUp: null }],
    });
    expect(other!.decision!.words[0]).toMatch(/before none \(smaller first\)$/);
  });
});

it('a wait for a limit of a tenant is told as one, or as one behind others that it holds', () => {
  const words = ['active-dags', 'held-before'].map((on) => partWords({ reason: 'held-tenant-limit', on }));
  expect(words).toEqual([
    'the DAG was held by a limit of its tenant (active-dags)',
    'the DAG was held behind others of its tenant',
  ]);
});
