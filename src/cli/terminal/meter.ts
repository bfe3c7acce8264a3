import { visible } from '../text/visible.js';
import type { Io } from './io.js';

/** Rewrites of the line are at least so far apart, in ms. */
const EVERY_MS = 100;

/** One line on stderr that is written over and over while something goes on; nothing where nobody watches. */
export class Meter {
  private shownAtMs = Number.NEGATIVE_INFINITY;
  private width = 0;

  constructor(private readonly io: Io) {}

  /** Writes what `text` gives; it is only asked for when it is time to write and somebody watches. */
  show(text: () => string): void {
    if (!this.io.isWatched || this.io.json) return;
    const nowMs = performance.now();
    if (nowMs - this.shownAtMs < EVERY_MS) return;
    this.shownAtMs = nowMs;
    const line = visible(text()).slice(0, this.io.columns - 1);
    process.stderr.write(`\r${line.padEnd(this.width)}`);
    this.width = line.length;
  }

  clear(): void {
    if (this.width > 0) process.stderr.write(`\r${' '.repeat(this.width)}\r`);
    this.width = 0;
  }
}
