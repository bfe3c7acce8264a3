import { type FabricClient, FabricError, type Failure, type Job } from '../client/index.js';

/** Failed jobs of which the reason is fetched; a person reads no more, and each is a call. */
const MOST = 10;

/** Why a job failed. */
export interface JobFailure extends Failure {
  readonly job: string;
}

/** Why the first few failed jobs failed, as their executors said it; those that no executor failed are left out. */
export async function failuresOf(
  client: FabricClient,
  dagId: string,
  jobs: readonly Job[],
): Promise<readonly JobFailure[]> {
  const failed = jobs.filter(({ state, children }) => children === null && (state === 'failed' || state === 'backoff'));
  const found = failed.slice(0, MOST).map(async ({ job }) => {
    const failure = await failureOf(client, dagId, job);
    return failure === null ? [] : [{ job, ...failure }];
  });
  return (await Promise.all(found)).flat();
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
