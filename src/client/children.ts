import { transportError, withMembers } from './adapters/http.js';
import type { BlobRef, Blobs } from './blobs.js';
import { type Calls, dagPath, segment } from './calls.js';
import { linesOf } from './lines.js';
import { withRetry } from './retry.js';

/** Children asked for in one request: the fabric's largest page. */
const PAGE = 1_000;
/** How many the answer has. */
const CHILDREN_HEADER = 'marie-children';

/** One child of a fan-out. */
export interface Child<T = unknown> {
  readonly index: number;
  /** `succeeded`, `failed`, `skipped`, … */
  readonly state: string;
  /** null unless it succeeded. */
  readonly output: T | null;
}

interface ChildLine {
  readonly index: number;
  readonly state: string;
  readonly output?: unknown;
  readonly blob?: BlobRef | null;
}

/** The children of a fan-out in order, from a place on, fetched page by page; large outputs are fetched as well. */
export async function* childrenOf<T>(
  calls: Calls,
  blobs: Blobs,
  place: { readonly dagId: string; readonly job: string; readonly from?: number; readonly limit?: number },
  signal?: AbortSignal,
): AsyncGenerator<Child<T>> {
  let from = place.from ?? 0;
  for (let left = place.limit ?? Number.POSITIVE_INFINITY; left > 0; ) {
    const limit = Math.min(left, PAGE);
    const path = dagPath(calls, place.dagId, `/jobs/${segment(place.job)}/children`, { from, limit });
    const lines = await pageAt(calls, path, signal);
    for (const line of lines) yield await childOf<T>(blobs, line, signal);
    const last = lines.at(-1);
    if (last === undefined || lines.length < limit) return;
    from = last.index + 1;
    left -= lines.length;
  }
}

function pageAt(calls: Calls, path: string, signal: AbortSignal | undefined): Promise<readonly ChildLine[]> {
  return withRetry(calls, signal, async () => {
    const answer = await calls.http.send({ method: 'GET', path, signal });
    const lines: ChildLine[] = [];
    try {
      for await (const line of linesOf(answer.body)) lines.push(withMembers<ChildLine>(line, 'index', 'state'));
      expectAll(lines.length, answer.headers[CHILDREN_HEADER]);
    } catch (error) {
      throw transportError(error, signal);
    }
    return lines;
  });
}

/** Behind a proxy an answer that broke off may look as if it had ended: it says before how many children it has. */
function expectAll(came: number, said: string | string[] | undefined): void {
  if (said !== undefined && Number(said) !== came) throw new Error(`the answer broke off: ${came} of ${said} children`);
}

async function childOf<T>(blobs: Blobs, line: ChildLine, signal: AbortSignal | undefined): Promise<Child<T>> {
  const { index, state, blob } = line;
  if (blob) return { index, state, output: await blobs.json<T>(blob, signal) };
  return { index, state, output: (line.output ?? null) as T | null };
}
