import { Code } from '../../src/catalogue/generated/codes.js';
import type { History } from '../history.js';
import type { WhichDag } from '../same-id.js';
import type { DagTurns } from './dag-index.js';

/**
 * Of the turns in which a DAG of this id may have been open those in which one was: two ids may have the same key. An id
 * may have been used thousands of times, and each look reads a turn, so all are looked at only where the DAG that is meant
 * turns out to be another one's.
 */
export async function usesOf(
  history: History,
  path: WhichDag,
  ranges: readonly DagTurns[],
): Promise<readonly DagTurns[]> {
  const { nth = ranges.length } = path;
  const meant = ranges[nth - 1];
  if (meant !== undefined && (await isAcceptedIn(history, meant.first, path))) return ranges;
  const found: DagTurns[] = [];
  for (const range of ranges) if (await isAcceptedIn(history, range.first, path)) found.push(range);
  return found;
}

async function isAcceptedIn(history: History, turn: number, { tenant, dag }: WhichDag): Promise<boolean> {
  for await (const { record } of history.read(turn)) {
    return record.entries.some((entry, _place, entries) => {
      const input = entry.code === Code.DagAccepted ? entries[entry.cause] : undefined;
      return input?.code === Code.SubmitDag && input.body.dagId === dag && input.body.tenant === tenant;
    });
  }
  return false;
}
