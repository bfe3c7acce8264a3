import { expect, it, vi } from 'vitest';
import type { Attempt } from '../../../src/executor/attempt.js';
import { JobError } from '../../../src/executor/errors.js';
import { failureOf } from '../../../src/executor/outcome.js';

const attempt = { token: '7', unitsUsed: null } as unknown as Attempt;
const told = (error: unknown) => JSON.parse(failureOf(attempt, error)) as object;

it('a JobError of another copy of the package fails with its own code too, as in a file that `marie dev` runs', async () => {
  vi.resetModules();
  const copy = await import('../../../src/executor/errors.js');
  const error = new copy.JobError('bad-scan', 'the page is empty', { retryable: false });
  expect(error).not.toBeInstanceOf(JobError);
  expect(told(error)).toMatchObject({ type: 'fail', code: 'bad-scan', retryable: false });
});

it('a JobError that goes by another name fails with its own code', () => {
  const error = Object.assign(new JobError('bad-scan', 'the page is empty'), { name: 'BadScan' });
  expect(told(error)).toMatchObject({ type: 'fail', code: 'bad-scan', retryable: true });
});

it('any other error has no code of its own', () => {
  const error = Object.assign(new Error('no such file'), { code: 'ENOENT' });
  expect(told(error)).toMatchObject({ type: 'fail', code: 'executor-error', retryable: true });
});
