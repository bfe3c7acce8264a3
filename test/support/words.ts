import { setTimeout as sleep } from 'node:timers/promises';
import { PATIENT_MS } from './patience.js';

/** What a program says, bit by bit, and whoever waits for more of it. */
export class Words {
  readonly #waiting: (() => void)[] = [];
  #said = '';

  /** `kept` is how much of it, in characters; `gone` resolves when nothing more will come. */
  constructor(
    private readonly gone: Promise<unknown>,
    private readonly kept = Number.POSITIVE_INFINITY,
  ) {}

  get said(): string {
    return this.#said;
  }

  add(text: string): void {
    const said = this.#said + text;
    this.#said = said.length > this.kept ? said.slice(-this.kept) : said;
    for (const hear of this.#waiting.splice(0)) hear();
  }

  /**
   * Resolves when something holds that changes with what is said.
   * Rejects when the program ends before, or never does so.
   */
  async until(holds: () => boolean, what: string): Promise<void> {
    const over = new AbortController();
    const gone = this.gone.then(() => 'it ended before');
    const late = sleep(PATIENT_MS, `not within ${PATIENT_MS} ms`, { signal: over.signal }).catch(() => null);
    try {
      while (!holds()) {
        const heard = new Promise<null>((resolve) => this.#waiting.push(() => resolve(null)));
        const fault = await Promise.race([heard, gone, late]);
        if (fault !== null) throw new Error(`waited for ${what}: ${fault}; it said:\n${this.#said}`);
      }
    } finally {
      over.abort();
    }
  }
}
