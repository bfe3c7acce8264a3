import { parsed } from './adapters/http.js';
import type { Calls } from './calls.js';
import { ClientCode, FabricError, type Problem } from './errors.js';
import { backoffMs, pause, withRetry } from './retry.js';
import type { Submission, Submitted } from './types.js';

/** Submissions and characters of one NDJSON request. */
const BATCH_LINES = 1_000;
const BATCH_CHARACTERS = 8 * 1024 * 1024;

/** What became of one of many submissions. */
export type SubmitOutcome = Submitted | { readonly problem: FabricError };

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
  return withRetry(calls, signal, () => calls.http.json<Submitted>({ method: 'POST', path, headers, body, signal }));
}

function submissionsPath({ tenant }: Calls): string {
  return `/v1/dags?${new URLSearchParams({ tenant })}`;
}

/** A submission as JSON, with its key, or one of its own; there because a header can't carry every key. */
function keyed(calls: Calls, dag: Submission): string {
  return JSON.stringify({ ...dag, idempotencyKey: dag.idempotencyKey ?? calls.machine.uuid() });
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
  readonly text: string;
}

/**
 * Submits many DAGs, as few requests as they fit into, one after the other. Gives one outcome for each, in their order;
 * what the fabric can't take now is tried again. Rejects only when the fabric can't be reached.
 */
export async function submitAll(
  calls: Calls,
  dags: Iterable<Submission>,
  signal?: AbortSignal,
): Promise<readonly SubmitOutcome[]> {
  const outcomes: SubmitOutcome[] = [];
  let batch: Line[] = [];
  let characters = 0;
  let index = 0;
  for (const dag of dags) {
    const text = keyed(calls, dag);
    if (batch.length >= BATCH_LINES || (batch.length > 0 && characters + text.length > BATCH_CHARACTERS)) {
      await submitBatch(calls, batch, outcomes, signal);
      batch = [];
      characters = 0;
    }
    batch.push({ index: index++, text });
    characters += text.length;
  }
  await submitBatch(calls, batch, outcomes, signal);
  return outcomes;
}

async function submitBatch(
  calls: Calls,
  batch: readonly Line[],
  outcomes: SubmitOutcome[],
  signal: AbortSignal | undefined,
): Promise<void> {
  let left = batch;
  for (let attempt = 1; left.length > 0; attempt++) {
    const lines = await postLines(calls, left, signal);
    const again: Line[] = [];
    let retryAfterMs: number | null = null;
    for (const [place, line] of left.entries()) {
      const outcome = outcomeOf(lines[place] as string);
      outcomes[line.index] = outcome;
      if (!('problem' in outcome) || !outcome.problem.retryable || attempt >= calls.patience.attempts) continue;
      again.push(line);
      retryAfterMs = Math.max(retryAfterMs ?? 0, outcome.problem.retryAfterMs ?? 0) || null;
    }
    left = again;
    if (left.length === 0) return;
    await pause(calls, backoffMs(attempt, calls.patience, calls.machine.random(), retryAfterMs), signal);
  }
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

function outcomeOf(line: string): SubmitOutcome {
  const answer = parsed<Submitted | ProblemLine>(line);
  return 'problem' in answer ? { problem: new FabricError(answer.problem) } : answer;
}
