import { type Dag, type FabricClient, FabricError, type Failure, type Job } from '../client/index.js';
import { take } from './take.js';

/** Failed jobs of which the reason is fetched; a person reads no more, and each is a call. */
const MOST = 10;

/** States of jobs whose last attempt failed. */
export const FAILED = 'failed,backoff';

/** Why a job failed. */
export interface JobFailure extends Failure {
  readonly job: string;
}

/**
 * Why the first few failed jobs failed, and whether more have; children are among them. It is what the executor said, or
 * where no executor has failed the last attempt, as when it timed out, the fabric's reason.
 */
export async function failuresOf(
  client: FabricClient,
  { tenant, dagId }: Dag,
): Promise<{ readonly failures: readonly JobFailure[]; readonly moreFailures: boolean }> {
  const failed = client.listings.jobs({ dag: dagId, tenant, state: FAILED, order: 'oldest', limit: MOST + 1 });
  const { found, more } = await take(withoutFanOuts(failed), MOST);
  const failures = found.map(async (failed) => {
    const failure = await failureOf(client, dagId, failed.job);
    const { job, attempt, reason } = failed;
    if (reason !== null && failure?.attempt !== attempt)
      return [{ job, attempt, code: reason, message: await whatIs(reason) }];
    return failure === null ? [] : [{ job, ...failure }];
  });
  return { failures: (await Promise.all(failures)).flat(), moreFailures: more };
}

/** A fan-out has no attempts of its own: its children say why, if it has any. */
async function* withoutFanOuts(jobs: AsyncIterable<Job>): AsyncIterable<Job> {
  for await (const job of jobs) if (job.children === null || Object.keys(job.children).length === 0) yield job;
}

/** What the catalogue says of a code; nothing of one that it does not know. It is read where it is needed alone. */
async function whatIs(code: string): Promise<string> {
  const { ERRORS, isErrorCode } = await import('../catalogue/generated/errors.js');
  return isErrorCode(code) ? ERRORS[code].what : '';
}

/** Why a job failed; null if no attempt of it did. */
async function failureOf(client: FabricClient, dagId: string, job: string): Promise<Failure | null> {
  try {
    return await client.failure(dagId, job);
  } catch (error) {
    if (error instanceof FabricError && error.code === 'not-found') return null;
    throw error;
  }
}

/** A failure as a line. */
export function failureText({ job, attempt, code, message }: JobFailure): string {
  return `${job}${attempt === 0 ? '' : ` (attempt ${attempt})`} ${code}${message === '' ? '' : `: ${message}`}`;
}
