/** What a release decides, turn by turn: the form in which two releases are compared. */
import { createHash } from 'node:crypto';
import { encodeTurn } from '../../src/catalogue/turn.js';
import { JournalError } from '../../src/journal/errors.js';
import type { TurnResult } from '../../src/kernel/kernel.js';
import { decidedBytes, requestOf } from '../decide-again.js';
import { type FoldOptions, fold, mustBegin, Progress } from '../fold.js';
import type { History } from '../history.js';
import { Names } from '../names.js';
import { Wrong } from '../problem.js';
import { ScratchFold } from '../scratch-fold.js';
import { dispatchesOf } from './dispatches.js';
import { type DispatchView, dispatchView } from './what-if.js';

/** What a turn of a history comes to when it is decided again on the state before it. */
export interface DecidedTurn {
  readonly turn: number;
  readonly atMs: number;
  readonly dispatches: number;
  /** Digest of the dispatches: job, attempt, executor, lane and cost of each, in order. */
  readonly decisions: string;
  /** Digest of all that the turn says. */
  readonly entries: string;
  /** Whether that is what was recorded. */
  readonly recorded: boolean;
}

/** The same with what it can be explained by. */
export interface ExplainedTurn {
  readonly decided: DecidedTurn;
  /** Its dispatches by name, with what decided each. It can be asked until the next turn is. */
  readonly views: () => Promise<readonly DispatchView[]>;
}

/**
 * Decides every turn of a history again, each on the state that the recorded turns before it have led to: what was
 * decided otherwise before makes no difference (law 5).
 */
export async function* decidedTurns(
  history: History,
  options: Pick<FoldOptions, 'onProgress'> = {},
): AsyncGenerator<DecidedTurn> {
  for await (const { decided } of explainedTurns(history, options)) yield decided;
}

/** As `decidedTurns`. */
export async function* explainedTurns(
  history: History,
  { onProgress }: Pick<FoldOptions, 'onProgress'> = {},
): AsyncGenerator<ExplainedTurn> {
  mustBegin(history);
  const scratch = new ScratchFold({ keepsOutputs: true });
  const progress = new Progress(onProgress);
  for await (const { record, hash } of history.read()) {
    let bytes: Buffer | null = null;
    let recorded = false;
    let result: TurnResult;
    try {
      result = await scratch.decide(record, hash, requestOf(record), (decided) => {
        bytes = decidedBytes(record, decided);
        recorded = bytes.equals(encodeTurn(record));
        return recorded;
      });
    } catch (error) {
      throw Wrong.of(error, record.turn, record);
    }
    const dispatches = dispatchesOf(result.entries);
    const decisions = dispatches.map(({ dag, job, attempt, executor, evidence }) =>
      [dag, job, attempt, executor, evidence.lane, evidence.cost].join(' '),
    );
    const decided = {
      turn: record.turn,
      atMs: record.at,
      dispatches: dispatches.length,
      decisions: digestOf(decisions.join('\n')),
      entries: digestOf(bytes!),
      recorded,
    };
    yield { decided, views: () => viewsOf(scratch, result) };
    progress.add(record);
  }
}

/**
 * The dispatches that a turn comes to when it is decided again, by name, with what decided each. The fold goes on from the
 * newest snapshot before the turn.
 */
export async function dispatchesAt(
  history: History,
  turn: number,
  options: Pick<FoldOptions, 'onProgress' | 'onPassedOver'> = {},
): Promise<readonly DispatchView[]> {
  const before = turn - 1;
  const scratch = await fold(history, [], { ...options, after: { turn: before }, toTurn: before, keepsOutputs: true });
  try {
    scratch.follow();
    for await (const { record } of history.read(turn)) {
      const result = await scratch.compute(record.cell, requestOf(record));
      return await viewsOf(scratch, result);
    }
  } finally {
    await scratch.close();
  }
  throw new JournalError('not-found', `the history has no turn ${turn}`);
}

async function viewsOf(scratch: ScratchFold, { entries }: TurnResult): Promise<readonly DispatchView[]> {
  const names = new Names(scratch);
  const views: DispatchView[] = [];
  for (const dispatch of dispatchesOf(entries)) views.push((await dispatchView(names, dispatch))!);
  return views;
}

function digestOf(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex').slice(0, 32);
}
