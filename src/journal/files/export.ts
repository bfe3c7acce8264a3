import { decodeTurnHeader } from '../../catalogue/turn.js';
import { JournalError } from '../errors.js';
import type { Head, Journal, JournalReader } from '../port.js';
import { ReaderRule } from '../rule.js';
import { type Disk, pathIn } from './disk.js';
import { openFileJournal } from './open.js';
import { openForReading } from './reader.js';
import { listSegments, readSegmentHeader, segmentName } from './segment.js';

export interface ExportOptions {
  readonly disk: Disk;
  /** The folder that is read. It may be that of a running fabric. */
  readonly from: string;
  /** The folder that is made; it must not have a journal yet. */
  readonly to: string;
  /** First turn that is copied; the first that is there without it. */
  readonly fromTurn?: number;
  /** Last turn that is copied; the last that is there without it. */
  readonly toTurn?: number;
  readonly segmentBytes?: number;
  /** Called after each turn with the bytes of its record. */
  readonly onTurn?: (bytes: number) => void;
}

/** What was exported: the turns from `firstTurn` to `lastTurn`, none if that is smaller. */
export interface Exported {
  readonly firstTurn: number;
  readonly lastTurn: number;
}

/**
 * Copies a range of turns into a folder of its own, which every reader of journals takes. Each record is checked on
 * the way. Throws as reading and opening do; what was copied before stays.
 */
export async function exportTurns(options: ExportOptions): Promise<Exported> {
  const { disk, from, to, toTurn = Number.MAX_SAFE_INTEGER, segmentBytes } = options;
  const reader = await openForReading(disk, from);
  const fromTurn = options.fromTurn ?? reader.firstTurn();
  if ((await listSegments(disk, to)).length > 0) {
    throw new JournalError('append-failed', `there is a journal in ${to} already`);
  }
  const { cell, beginAt } = await headBefore(disk, from, reader, fromTurn);
  const limit = segmentBytes === undefined ? {} : { segmentBytes };
  const { journal } = await openFileJournal({ disk, folder: to, cell, sync: 'off', beginAt, ...limit });
  try {
    await copy(reader, journal, { fromTurn, toTurn, onTurn: options.onTurn });
  } finally {
    await journal.close();
  }
  return { firstTurn: fromTurn, lastTurn: journal.head().turn };
}

interface Copied {
  readonly fromTurn: number;
  readonly toTurn: number;
  readonly onTurn: ExportOptions['onTurn'] | undefined;
}

async function copy(reader: JournalReader, journal: Journal, { fromTurn, toTurn, onTurn }: Copied): Promise<void> {
  for await (const { turn, bytes, hash } of reader.read(fromTurn)) {
    if (turn > toTurn) break;
    await journal.append(bytes, hash);
    onTurn?.(bytes.length);
  }
}

/** The head on which a turn chains: that before its segment, moved on by the records in between. */
async function headBefore(
  disk: Disk,
  folder: string,
  reader: JournalReader,
  turn: number,
): Promise<{ readonly cell: string; readonly beginAt: Head }> {
  const first = (await listSegments(disk, folder)).findLast((candidate) => candidate <= turn);
  if (first === undefined) throw new JournalError('not-found', `turn ${turn} is not in ${folder}`);
  const file = await disk.open(pathIn(folder, segmentName(first)), 'read');
  const { cell, head } = await readSegmentHeader(file, first).finally(() => file.close());
  const rule = new ReaderRule({ cell, head });
  if (first < turn) {
    for await (const record of reader.read(first)) {
      if (record.turn === turn) break;
      rule.accept(decodeTurnHeader(record.bytes), record.hash);
    }
  }
  if (rule.turn !== turn - 1) throw new JournalError('not-found', `turn ${turn} is not in ${folder}`);
  return { cell, beginAt: rule.head() };
}
