import { join } from 'node:path';
import { type History, openJournal, takeSnapshots } from '../../replay/index.js';
import { writeDocuments } from './documents-history.js';
import type { BenchOptions } from './result.js';

const EVENTS = 10_000_000;

/** A history with snapshots along the way. */
export interface LongHistory {
  /** Its data directory. */
  readonly data: string;
  readonly history: History;
  readonly turns: number;
  /** What is told of it. */
  readonly details: Readonly<Record<string, number>>;
}

/** Writes a history of ten million events, as a fabric would have that keeps some ended DAGs, and its snapshots. */
export async function writeLongHistory(
  { folder, scale, retainedJobs, note }: BenchOptions,
  snapshots: number,
): Promise<LongHistory> {
  const data = join(folder, 'data');
  note(`writing ${EVENTS * scale} events`);
  const written = await writeDocuments(join(data, 'journal'), EVENTS * scale, { retainTerminalJobs: retainedJobs });
  const history = await openJournal(data);
  const turns = await history.lastTurn();
  note(`taking ${snapshots} snapshots`);
  const began = performance.now();
  const taken = await takeSnapshots(history, { everyTurns: Math.ceil(turns / snapshots) });
  const seconds = Math.round(performance.now() - began) / 1_000;
  const largest = Math.max(...taken.map(({ bytes }) => bytes));
  return {
    data,
    history,
    turns,
    details: {
      ...written,
      turns,
      retainedJobs,
      snapshots: taken.length,
      eventsBetweenSnapshots: Math.round(written.events / snapshots),
      largestSnapshotBytes: largest,
      secondsToFoldAndTakeAll: seconds,
    },
  };
}
