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

/** Why the first few failed jobs failed, as their executors said it, and whether more have; children are among them. */
export async function failuresOf(
  client: FabricClient,
  { tenant, dagId }: Dag,
): Promise<{ readonly failures: readonly JobFailure[]; readonly moreFailures: boolean }> {
  const failed = client.listings.jobs({ dag: dagId, tenant, state: FAILED, order: 'oldest', limit: MOST + 1 });
  const { found, more } = await take(withoutFanOuts(failed), MOST);
  const failures = found.map(async ({ job }) => {
    const failure = await failureOf(client, dagId, job);
    // Those that no executor failed are left out.
    return failure === null ? [] : [{ job, ...failure }];
  });
  return { failures: (await Promise.all(failures)).flat(), moreFailures: more };
}

/** A fan-out has no attempts of its own: its children say why. */
async function* withoutFanOuts(jobs: AsyncIterable<Job>): AsyncIterable<Job> {
  for await (const job of jobs) if (job.children === null) yield job;
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
  return `${job} (attempt ${attempt}) ${code}${message === '' ? '' : `: ${message}`}`;
}
