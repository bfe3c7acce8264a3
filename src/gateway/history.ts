/** Which history this is: by it an executor that outlived a fabric's data folder tells the next one from it. */

import { hex } from '../catalogue/hex.js';
import { Refusal } from '../edge/problems.js';
import { type Journal, readTurn } from '../journal/port.js';

/**
 * A history is named by the SHA-256 of its first turn, which no other one has. Tokens are numbers that begin anew with
 * every history, so what belongs to another one must not be taken for this one's.
 */
export class History {
  /** Undefined until it is known. */
  #id: string | null | undefined;

  /** `onUnreadable` is told why the first turn can't be read; executors work without a name for their history. */
  constructor(
    private readonly journal: Pick<Journal, 'read'>,
    private readonly onUnreadable: (error: unknown) => void,
  ) {}

  /** Its id in hex, or null where the first turn is in an archive, or can't be read. */
  async id(): Promise<string | null> {
    if (this.#id !== undefined) return this.#id;
    try {
      const first = await readTurn(this.journal, 1);
      if (first !== 'to-come') this.#id = first === 'gone' ? null : hex(first.hash);
    } catch (error) {
      this.onUnreadable(error);
    }
    return this.#id ?? null;
  }

  /** Throws `Refusal` for what a sender that names a history took from another one. */
  async check(named: string | undefined): Promise<void> {
    if (named === undefined || named === this.#id) return;
    const id = await this.id();
    if (id !== null && id !== named) throw new Refusal('other-history', `this is the history ${id}`);
  }
}
