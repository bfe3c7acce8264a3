import { isInput } from '../src/catalogue/codec.js';
import { CauseCode } from '../src/catalogue/generated/codes.js';
import type { EventEntry, TurnRecord } from '../src/catalogue/generated/types.js';
import { encodeTurn } from '../src/catalogue/turn.js';
import type { TurnRequest, TurnResult } from '../src/kernel/kernel.js';
import { computeTurn } from './compute-turn.js';
import type { ScratchFold } from './scratch-fold.js';

/**
 * What a recorded turn was computed from: its inputs, its times, and
 * what the shell said (an audit takes these as given).
 */
export function requestOf(record: TurnRecord): TurnRequest {
  const { turn, at, stoppedMs, caughtUp, published, entries } = record;
  return {
    turn,
    at,
    stoppedMs,
    caughtUp,
    published,
    inputs: entries.filter(isInput),
    shell: entries.filter((entry): entry is EventEntry => !isInput(entry) && entry.cause === CauseCode.shell),
  };
}

/**
 * Decides a recorded turn again, on the state before it, and takes it back: the fold stands as it did. The fold must
 * follow, and keep outputs.
 */
export async function decideAgain(fold: ScratchFold, record: TurnRecord): Promise<TurnResult> {
  const result = await computeTurn(fold.kernel, fold.parts, requestOf(record), () => undefined);
  if (result.entries.length === 0) fold.kernel.discard();
  else fold.kernel.undo();
  return result;
}

/** Whether a turn that was decided again has the bytes of the recorded one (invariant I12). */
export function isSameTurn(record: TurnRecord, result: TurnResult): boolean {
  return decidedBytes(record, result).equals(encodeTurn(record));
}

/** The bytes of a turn as it was decided again. */
export function decidedBytes(record: TurnRecord, { entries, full, policy, stateHash }: TurnResult): Buffer {
  return encodeTurn({ ...record, entries, full, policy, stateHash });
}
