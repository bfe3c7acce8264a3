import type { Timeline } from './timeline.js';

/** Lines that a failure shows. */
const SHOWN_LINES = 160;

/** What happened, for people: one line each, with its time. */
export class Diary {
  readonly #lines: string[] = [];

  constructor(private readonly timeline: Timeline) {}

  note(line: string): void {
    this.#lines.push(`${(this.timeline.nowMs / 1000).toFixed(3).padStart(9)} s  ${line}`);
  }

  /** The end of it; all of it for whoever asks. */
  tell(isWhole: boolean): string {
    const shown = isWhole ? this.#lines : this.#lines.slice(-SHOWN_LINES);
    const left = this.#lines.length - shown.length;
    return [...(left === 0 ? [] : [`(${left} lines before; MARIE_TELL=1 shows them)`]), ...shown].join('\n');
  }
}
