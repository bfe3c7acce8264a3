import { isInput } from '../../src/catalogue/codec.js';
import { Code } from '../../src/catalogue/generated/codes.js';
import { decodeTurn } from '../../src/catalogue/turn.js';
import { nodeDisk } from '../../src/journal/files/node-disk.js';
import { openForReading } from '../../src/journal/files/reader.js';
import { spreadOf } from './percentiles.js';

/** What happened in a stretch of journal time. */
export interface Window {
  readonly seconds: number;
  readonly dagsSucceeded: number;
  readonly details: Readonly<Record<string, unknown>>;
}

export interface History {
  readonly succeededDags: number;
  /** DAGs that failed or were cancelled. */
  readonly otherEnds: number;
  readonly window: Window;
}

/** Reads a journal: nothing says better what a fabric has done. The window is given in wall-clock time. */
export async function historyOf(folder: string, fromMs: number, toMs: number): Promise<History> {
  const reader = await openForReading(nodeDisk, folder);
  const at = { first: 0, last: 0 };
  const seen = { succeeded: 0, other: 0, inWindow: 0, turns: 0, entries: 0, bytes: 0, events: 0 };
  const turnEntries: number[] = [];
  for await (const { bytes } of reader.read(1)) {
    const turn = decodeTurn(bytes);
    const isIn = turn.at >= fromMs && turn.at < toMs;
    if (isIn) {
      at.first ||= turn.at;
      at.last = turn.at;
      seen.turns += 1;
      seen.bytes += bytes.length;
      seen.entries += turn.entries.length;
      turnEntries.push(turn.entries.length);
    }
    for (const entry of turn.entries) {
      if (isIn && !isInput(entry)) seen.events += 1;
      if (entry.code === Code.DagSucceeded) {
        seen.succeeded += 1;
        if (isIn) seen.inWindow += 1;
      } else if (entry.code === Code.DagFailed || entry.code === Code.DagCancelled) seen.other += 1;
    }
  }
  const seconds = Math.max(1, at.last - at.first) / 1_000;
  return {
    succeededDags: seen.succeeded,
    otherEnds: seen.other,
    window: {
      seconds,
      dagsSucceeded: seen.inWindow,
      details: {
        turnsPerSecond: Math.round(seen.turns / seconds),
        entriesPerTurn: spreadOf(turnEntries),
        eventsPerSecond: Math.round(seen.events / seconds),
        journalBytesPerDag: Math.round(seen.bytes / Math.max(1, seen.inWindow)),
      },
    },
  };
}
