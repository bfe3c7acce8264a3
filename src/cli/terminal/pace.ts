import { duration, grouped } from '../text/format.js';

/** How far back a rate looks: long enough to be calm, short enough to follow. */
const WINDOW_MS = 10_000;

interface Sample {
  readonly atMs: number;
  readonly done: number;
}

/** How fast something comes on, and how long the rest takes at that rate. */
export class Pace {
  private samples: readonly Sample[] = [];

  /** `nowMs` is a clock that never goes back. */
  constructor(private readonly nowMs: () => number = () => performance.now()) {}

  /** So much is done by now; less than before: it has begun anew. */
  at(done: number): void {
    const atMs = this.nowMs();
    if (done < (this.samples.at(-1)?.done ?? 0)) this.samples = [];
    const recent = this.samples.filter((sample) => sample.atMs >= atMs - WINDOW_MS);
    // The one before the window's begin stays, so that what comes rarely has a rate too.
    const before = this.samples[this.samples.length - recent.length - 1];
    this.samples = [...(before === undefined ? [] : [before]), ...recent, { atMs, done }];
  }

  /** So much a second lately; null as long as nothing can be said. */
  perSecond(): number | null {
    const [first, last] = [this.samples[0], this.samples.at(-1)];
    if (first === undefined || last === undefined || last.atMs - first.atMs < 1) return null;
    return ((last.done - first.done) * 1_000) / (last.atMs - first.atMs);
  }

  /** How long the rest takes at that rate, in ms; null if there is no telling. */
  leftMs(total: number): number | null {
    const rate = this.perSecond();
    const done = this.samples.at(-1)?.done ?? 0;
    return rate === null || rate <= 0 ? null : (Math.max(0, total - done) * 1_000) / rate;
  }

  /** Both as text: `12/s, 5 s left`; empty as long as nothing can be said. */
  text(total: number): string {
    const rate = this.perSecond();
    if (rate === null || rate <= 0) return '';
    return `${rateText(rate)}, ${this.leftText(total)}`;
  }

  /** How long the rest takes, as text: `5 s left`. */
  leftText(total: number): string {
    const left = this.leftMs(total);
    if (left === null) return '';
    if (left < 1_000) return 'less than 1 s left';
    return left < 60_000 ? `about ${Math.round(left / 1_000)} s left` : `about ${duration(left)} left`;
  }
}

/** A rate in few characters. */
export function rateText(perSecond: number): string {
  return `${perSecond < 10 ? perSecond.toFixed(1) : grouped(Math.round(perSecond))}/s`;
}
