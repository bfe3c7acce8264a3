import type { Submitted } from '../answers/types.js';
import { badAnswer, type HttpRequest, parsed, transportError } from './adapters/http.js';
import type { Calls } from './calls.js';
import { ClientCode, FabricError, type Problem } from './errors.js';
import { backoffMs, pause, withRetry } from './retry.js';
import type { Submission } from './types.js';

/** Submissions and characters of one NDJSON request. */
const BATCH_LINES = 1_000;
const BATCH_CHARACTERS = 8 * 1024 * 1024;

/**
 * What became of one of many submissions. Only a refusal of the fabric with a 4xx, and one that was never sent since it is
 * no JSON (`invalid-value`), say that it was not taken: with any other problem it may have been, where no answer came or
 * one that is none. Submitted again under the key that it was sent with it is taken once.
 */
export type SubmitOutcome = Submitted | { readonly problem: FabricError; readonly idempotencyKey: string };

/** Submits one DAG; resolves when its turn is durable. */
export function submitOne(calls: Calls, dag: Submission, signal?: AbortSignal): Promise<Submitted> {
  return post(calls, keyed(calls, dag), {}, signal);
}

/** Submits one DAG that is JSON text already, as it is; resolves when its turn is durable. */
export function submitOneText(calls: Calls, json: string, signal?: AbortSignal): Promise<Submitted> {
  // The header counts only where the text names no key.
  return post(calls, json, { 'idempotency-key': calls.machine.uuid() }, signal);
}

function post(
  calls: Calls,
  body: string,
  more: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
): Promise<Submitted> {
  const headers = { 'content-type': 'application/json', ...more };
  const path = submissionsPath(calls);
  const request: HttpRequest = { method: 'POST', path, headers, body, signal };
  return withRetry(calls, signal, () => calls.http.json<Submitted>(request, 'dagId', 'turn'));
}

function submissionsPath({ tenant }: Calls): string {
  return `/v1/dags?${new URLSearchParams({ tenant })}`;
}

/** A submission as JSON, with its key, or one of its own; there because a header can't carry every key. */
function keyed(calls: Calls, dag: Submission, key = dag.idempotencyKey ?? calls.machine.uuid()): string {
  return JSON.stringify({ ...dag, idempotencyKey: key });
}

/** The same of one of many: where it can't be written, why. */
function keyedOrWhy(calls: Calls, dag: Submission, key: string): string | FabricError {
  try {
    return keyed(calls, dag, key);
  } catch (cause) {
    return new FabricError({ code: 'invalid-value', status: 0, detail: `no JSON can be made of it: ${cause}`, cause });
  }
}

interface ProblemLine {
  readonly problem: {
    readonly code: string;
    readonly status: number;
    readonly detail: string;
    readonly problems?: readonly Problem[];
    readonly turn?: number;
    readonly retryAfterMs?: number;
  };
}

interface Line {
  readonly index: number;
  readonly key: string;
  readonly text: string;
}

/**
 * Submits many DAGs, as few requests as they fit into, one after the other. Gives one outcome for each, in their order;
 * what the fabric can't take now is tried again. Where a request fails for good, what is not answered by then has that as
 * its problem, and no other is sent. Rejects only with what `dags` throws.
 */
export async function submitAll(
  calls: Calls,
  dags: Iterable<Submission>,
  signal?: AbortSignal,
): Promise<readonly SubmitOutcome[]> {
  const outcomes: SubmitOutcome[] = [];
  let failure: FabricError | null = null;
  let batch: Line[] = [];
  let characters = 0;
  let index = 0;
  const send = async (): Promise<void> => {
    failure ??= await submitBatch(calls, batch, outcomes, signal);
    if (failure !== null) leave(batch, failure, outcomes);
    batch = [];
    characters = 0;
  };
  for (const dag of dags) {
    const key = dag.idempotencyKey ?? calls.machine.uuid();
    const text = keyedOrWhy(calls, dag, key);
    if (typeof text !== 'string') {
      outcomes[index++] = { problem: text, idempotencyKey: key };
      continue;
    }
    const line = { index: index++, key, text };
    const isFull = batch.length >= BATCH_LINES || characters + line.text.length > BATCH_CHARACTERS;
    if (isFull && batch.length > 0) await send();
    batch.push(line);
    characters += line.text.length;
  }
  await send();
  return outcomes;
}

/** Says of those that have no outcome yet why. */
function leave(lines: readonly Line[], problem: FabricError, outcomes: SubmitOutcome[]): void {
  for (const { index, key } of lines) outcomes[index] ??= { problem, idempotencyKey: key };
}

/** Gives why it ended before all were answered, null where they were. */
async function submitBatch(
  calls: Calls,
  batch: readonly Line[],
  outcomes: SubmitOutcome[],
  signal: AbortSignal | undefined,
): Promise<FabricError | null> {
  let left = batch;
  for (let attempt = 1; left.length > 0; attempt++) {
    try {
      const { again, retryAfterMs } = await submitLines(calls, left, outcomes, signal);
      left = attempt < calls.patience.attempts ? again : [];
      if (left.length === 0) return null;
      await pause(calls, backoffMs(attempt, calls.patience, calls.machine.random(), retryAfterMs), signal);
      for (const { index } of left) delete outcomes[index];
    } catch (error) {
      if (error instanceof FabricError || signal?.aborted) return transportError(error, signal);
      throw error;
    }
  }
  return null;
}

/** Sends lines, notes what became of each, and gives those that could not be taken just now. */
async function submitLines(
  calls: Calls,
  lines: readonly Line[],
  outcomes: SubmitOutcome[],
  signal: AbortSignal | undefined,
): Promise<{ readonly again: readonly Line[]; readonly retryAfterMs: number | null }> {
  const answers = (await postLines(calls, lines, signal)).map(answerOf);
  const again: Line[] = [];
  let retryAfterMs: number | null = null;
  for (const [place, line] of lines.entries()) {
    const answer = answers[place]!;
    if (!('problem' in answer)) {
      outcomes[line.index] = answer;
      continue;
    }
    const problem = new FabricError(answer.problem);
    outcomes[line.index] = { problem, idempotencyKey: line.key };
    if (!problem.retryable) continue;
    again.push(line);
    retryAfterMs = Math.max(retryAfterMs ?? 0, problem.retryAfterMs ?? 0) || null;
  }
  return { again, retryAfterMs };
}

/** A line that is no answer says nothing of the others. */
function answerOf(line: string): Submitted | ProblemLine {
  try {
    const answer = parsed<Submitted | ProblemLine | null>(line);
    const isAnswer =
      typeof answer === 'object' && answer !== null && ('problem' in answer ? answer.problem : 'dagId' in answer);
    if (isAnswer) return answer;
  } catch {
    // No JSON.
  }
  return { problem: badAnswer(line) };
}

async function postLines(
  calls: Calls,
  batch: readonly Line[],
  signal: AbortSignal | undefined,
): Promise<readonly string[]> {
  const path = submissionsPath(calls);
  const headers = { 'content-type': 'application/x-ndjson' };
  const body = batch.map(({ text }) => `${text}\n`).join('');
  const text = await withRetry(calls, signal, () => calls.http.text({ method: 'POST', path, headers, body, signal }));
  const lines = text.split('\n').filter((line) => line !== '');
  if (lines.length === batch.length) return lines;
  const detail = `${lines.length} answers to ${batch.length} submissions`;
  throw new FabricError({ code: ClientCode.BadAnswer, status: 0, detail });
}
