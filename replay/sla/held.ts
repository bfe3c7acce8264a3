/**
 * Time that went to one thing, with the share of the slots that one
 * DAG held meanwhile: that of all of it taken together.
 */
export interface Held {
  readonly ms: number;
  /** Share of the DAG that held the most of the slots that were waited for, in thousandths; null: none did. */
  readonly heldPermille: number | null;
}

/** Adds up shares: each counts as long as it lasted. */
export class HeldSum {
  #ms = 0;
  #weighted: number | null = null;

  add({ ms, heldPermille }: Held): void {
    this.#ms += ms;
    if (heldPermille !== null) this.#weighted = (this.#weighted ?? 0) + ms * heldPermille;
  }

  get total(): Held {
    const weighted = this.#weighted;
    return { ms: this.#ms, heldPermille: weighted === null ? null : Math.floor(weighted / Math.max(1, this.#ms)) };
  }
}
