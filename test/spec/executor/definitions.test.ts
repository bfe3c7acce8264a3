import { describe, expect, it } from 'vitest';
import { Recent } from '../../../src/catalogue/recent.js';
import { defineExecutor, JobError, JobStopped, runExecutors } from '../../../src/executor/index.js';
import { quietLog } from '../../support/quiet-log.js';

const executor = (fields: object) => defineExecutor({ class: 'ocr', slots: 1, run: () => null, ...fields });

describe('a definition', () => {
  it('is given back as it is', () => {
    const definition = { class: 'ocr', slots: 2, run: () => 1 };
    expect(defineExecutor(definition)).toBe(definition);
  });

  it.each([{ slots: 0 }, { slots: 1.5 }, { slots: Number.NaN }, { class: '' }])('is refused with %j', (fields) => {
    expect(() => executor(fields)).toThrow(TypeError);
  });

  it('may not stand twice under one id', async () => {
    const run = (executors: ReturnType<typeof executor>[]) =>
      runExecutors({ url: 'http://127.0.0.1:1', executors, handleSignals: false, log: quietLog() });
    await expect(run([executor({}), executor({ group: 'other' })])).rejects.toThrow(/two executors have the id .*-ocr/);
    await expect(run([])).rejects.toThrow('no executors');
  });
});

describe('errors', () => {
  it('carry a code, and whether to try again', () => {
    expect(new JobError('bad', 'no')).toMatchObject({ code: 'bad', message: 'no', retryable: true });
    expect(new JobError('bad', 'no', { retryable: false, cause: 1 })).toMatchObject({ retryable: false, cause: 1 });
    expect(new JobStopped('drained')).toMatchObject({ code: 'drained', name: 'JobStopped' });
  });
});

describe('seen tokens', () => {
  it('are remembered for long, and not for ever', () => {
    const seen = new Recent<string, true>(65_536);
    const added = 300_000;
    for (let i = 0; i < added; i++) seen.set(`t${i}`, true);
    const remembered = Array.from({ length: added }, (_, i) => seen.has(`t${i}`));
    const first = remembered.indexOf(true);
    expect(remembered.slice(first).every(Boolean)).toBe(true);
    expect(added - first).toBeGreaterThanOrEqual(65_536);
    expect(added - first).toBeLessThanOrEqual(2 * 65_536);
  });
});
