import type { JobView } from '../../answers/types.js';
import type { ColdRows } from '../rows/cold.js';

/** What the fold keeps of a failure; what the executor said is a row behind it. */
const BY_EXECUTOR = 'executor-failed';

/** Gives jobs that their executors failed the codes that these gave, all of them read at once. */
export async function withFailureCodes<T extends JobView>(
  cold: ColdRows,
  jobs: readonly T[],
  dagOf: (job: T) => number,
): Promise<readonly T[]> {
  const failed = jobs.filter(({ reason }) => reason === BY_EXECUTOR);
  if (failed.length === 0) return jobs;
  const failures = await cold.fetchFailures(
    failed.map((job) => ({ dag: dagOf(job), job: job.index, attempt: job.attempt })),
  );
  const codes = new Map(failed.map((job, i) => [job, failures[i]?.code]));
  return jobs.map((job) => {
    const code = codes.get(job);
    return code ? { ...job, reason: code } : job;
  });
}
