import type { TurnRecord } from '../src/catalogue/generated/types.js';
import { isSameTurn, requestOf } from './decide-again.js';
import type { History } from './history.js';
import { Wrong } from './problem.js';
import { ScratchFold } from './scratch-fold.js';
import { resumed } from './snapshot/resume.js';

/** Entries after which the indexes are made of the rows again, at least. */
const ENTRIES_PER_REBUILD = 100_000;

/**
 * Decides every turn of a history again, from its inputs and the state that the turns before it have led to, and
 * compares the bytes (I12). Now and then its indexes are made of the rows afresh, as those of a leader that was
 * restarted: then it decides as one that was not (I11).
 */
export class Decider {
  #entries = 0;

  constructor(private readonly scratch = scratchFold()) {}

  /** One that goes on from the snapshot of a turn, which is known to be good. */
  static async resumed(history: History, turn: number): Promise<Decider> {
    const scratch = await resumed(history, { turn }, scratchFold);
    if (scratch?.turn !== turn) throw new Error(`assertion failed: the snapshot of turn ${turn} was there`);
    scratch.kernel.indexes.rebuild();
    return new Decider(scratch);
  }

  /** Takes the next turn; throws `Wrong` when it comes out otherwise. */
  async take(record: TurnRecord): Promise<void> {
    const { kernel } = this.scratch;
    this.#entries += record.entries.length;
    if (this.#entries >= Math.max(ENTRIES_PER_REBUILD, kernel.state.jobs.table.live)) {
      this.#entries = 0;
      kernel.indexes.rebuild();
    }
    const result = await this.scratch.compute(record.cell, requestOf(record));
    if (isSameTurn(record, result)) return;
    const detail = 'decided again from its inputs it comes out otherwise';
    throw new Wrong('decided-otherwise', record.turn, detail, record);
  }

  /** Lets go of the snapshot that it goes on from. */
  async close(): Promise<void> {
    await this.scratch.close();
  }
}

function scratchFold(): ScratchFold {
  return new ScratchFold({ keepsOutputs: true });
}
