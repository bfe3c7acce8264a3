import { type Journal, type JournalReader, readTo } from './port.js';

/** Which turns are copied, and who is told. */
export interface CopyOptions {
  /** First turn that is copied; the first that is there without it. */
  readonly fromTurn?: number;
  /** Last turn that is copied; the last that is there without it. */
  readonly toTurn?: number;
  /** Called after each turn with the bytes of its record. */
  readonly onTurn?: (bytes: number) => void;
}

/** What was copied: the turns from `firstTurn` to `lastTurn`, none if that is smaller. */
export interface Copied {
  readonly firstTurn: number;
  readonly lastTurn: number;
}

/** Appends turns of one journal to another, which ends where they begin. The records' bytes stay as they are. */
export async function copyTurns(from: JournalReader, to: Journal, options: CopyOptions): Promise<Copied> {
  const { fromTurn = from.firstTurn(), toTurn = Number.MAX_SAFE_INTEGER, onTurn } = options;
  for await (const { bytes, hash } of readTo(from, fromTurn, toTurn)) {
    await to.append(bytes, hash);
    onTurn?.(bytes.length);
  }
  return { firstTurn: fromTurn, lastTurn: to.head().turn };
}
