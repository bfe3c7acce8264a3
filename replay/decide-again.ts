import { isInput } from '../src/catalogue/codec.js';
import { CauseCode } from '../src/catalogue/generated/codes.js';
import type { EventEntry, SubmitDag, TurnRecord } from '../src/catalogue/generated/types.js';
import { encodeTurn } from '../src/catalogue/turn.js';
import type { ColdRow } from '../src/kernel/fold.js';
import type { TurnRequest, TurnResult } from '../src/kernel/kernel.js';
import type { ColdView } from '../src/kernel/open-turn.js';
import { fetchNeeds } from '../src/scheduler/fetch.js';
import type { ScratchFold } from './scratch-fold.js';

/** What a recorded turn was computed from: its inputs, its times, and what the shell said (an audit takes these as given). */
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
  const result = await computeTurn(fold, requestOf(record), () => undefined);
  if (result.entries.length === 0) fold.kernel.discard();
  else fold.kernel.undo();
  return result;
}

/** Computes a turn on a fold; the caller accepts, discards or takes it back. */
export async function computeTurn(
  fold: ScratchFold,
  request: TurnRequest,
  sink: (row: ColdRow) => void,
): Promise<TurnResult> {
  const { kernel, parts } = fold;
  if (parts === null) return kernel.turn(request, NOTHING, sink);
  const release = parts.cold.hold();
  try {
    await fetchNeeds(kernel, parts.cold, parts.materializer, request);
    const fresh = new Map<number, SubmitDag>();
    const view: ColdView = {
      spec: (dag) => fresh.get(dag) ?? parts.cold.spec(dag),
      output: (dag, job, attempt) => parts.cold.output(dag, job, attempt),
    };
    return kernel.turn(request, view, (row) => {
      if (row.kind === 'spec') fresh.set(row.dag, row.submission);
      sink(row);
    });
  } finally {
    release();
  }
}

/** Before the first turn nothing is known that could be read. */
const NOTHING: ColdView = {
  spec: (dag) => {
    throw new Error(`assertion failed: the submission of DAG ${dag} in an empty cell`);
  },
  output: () => null,
};

/** Whether a turn that was decided again has the bytes of the recorded one (invariant I12). */
export function isSameTurn(record: TurnRecord, result: TurnResult): boolean {
  const { entries, full, policy, stateHash } = result;
  return encodeTurn({ ...record, entries, full, policy, stateHash }).equals(encodeTurn(record));
}
