import type { TurnRecord } from '../src/catalogue/generated/types.js';
import { isSameTurn, requestOf } from './decide-again.js';
import { Wrong } from './problem.js';
import { ScratchFold } from './scratch-fold.js';

/** Entries after which the indexes are made of the rows again, at least. */
const ENTRIES_PER_REBUILD = 100_000;

/**
 * Decides every turn of a history again, from its inputs and the state that the turns before it have led to, and
 * compares the bytes (I12). Now and then its indexes are made of the rows afresh, as those of a leader that was
 * restarted: then it decides as one that was not (I11).
 */
export class Decider {
  readonly #scratch = new ScratchFold({ keepsOutputs: true });
  #entries = 0;

  /** Takes the next turn; throws `Wrong` when it comes out otherwise. */
  async take(record: TurnRecord): Promise<void> {
    const { kernel } = this.#scratch;
    this.#entries += record.entries.length;
    if (this.#entries >= Math.max(ENTRIES_PER_REBUILD, kernel.state.jobs.live)) {
      this.#entries = 0;
      kernel.indexes.rebuild();
    }
    const result = await this.#scratch.compute(record.cell, requestOf(record));
    if (isSameTurn(record, result)) return;
    const detail = 'decided again from its inputs it comes out otherwise';
    throw new Wrong('decided-otherwise', record.turn, detail, record);
  }
}
