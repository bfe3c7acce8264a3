import { isInput } from '../../src/catalogue/codec.js';
import { Code } from '../../src/catalogue/generated/codes.js';
import { decodeTurn } from '../../src/catalogue/turn.js';
import { nodeDisk } from '../../src/journal/files/node-disk.js';
import { openForReading } from '../../src/journal/files/reader.js';
import { spreadOf } from './percentiles.js';

/** A turn as it stands in its journal. */
export interface EncodedTurn {
  readonly bytes: Uint8Array;
}

/** What happened in a stretch of journal time. */
export interface Window {
  /** Journal time of its first and last turn. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly seconds: number;
  readonly dagsSucceeded: number;
  readonly turns: number;
  /** Bytes of its turns. */
  readonly bytes: number;
  readonly details: Readonly<Record<string, unknown>>;
}

export interface History {
  readonly succeededDags: number;
  /** DAGs that failed or were cancelled. */
  readonly otherEnds: number;
  readonly window: Window;
}

/** The turns of a journal of files. */
export async function* turnsOfFiles(folder: string): AsyncGenerator<EncodedTurn> {
  yield* (await openForReading(nodeDisk, folder)).read(1);
}

/** Reads the turns of a journal: nothing says better what a fabric has done. The window is given in wall-clock time. */
export async function historyOf(turns: AsyncIterable<EncodedTurn>, fromMs: number, toMs: number): Promise<History> {
  const at = { first: 0, last: 0 };
  const seen = { succeeded: 0, other: 0, inWindow: 0, turns: 0, entries: 0, bytes: 0, events: 0 };
  const turnEntries: number[] = [];
  for await (const { bytes } of turns) {
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
      fromMs: at.first,
      toMs: at.last,
      seconds,
      dagsSucceeded: seen.inWindow,
      turns: seen.turns,
      bytes: seen.bytes,
      details: {
        turnsPerSecond: Math.round(seen.turns / seconds),
        entriesPerTurn: spreadOf(turnEntries),
        eventsPerSecond: Math.round(seen.events / seconds),
        journalBytesPerDag: Math.round(seen.bytes / Math.max(1, seen.inWindow)),
      },
    },
  };
}
