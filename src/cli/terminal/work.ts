import { bytes, grouped } from '../text/format.js';
import { interruptible } from './interrupt.js';
import type { Io } from './io.js';
import { Meter } from './meter.js';
import { Pace, rateText } from './pace.js';

/** How far a phase of long work is. */
export interface Far {
  /** What is done, as a word or two: `copied`, `folded again`. */
  readonly phase: string;
  /** Any measure of what is done, from which the time left follows. */
  readonly done: number;
  /** What `done` comes to in the end; null: nobody knows. */
  readonly total: number | null;
  /** What is shown with its rate; `done` itself without it. */
  readonly counted?: number;
  /** What is counted, as it stands after a number; bytes are written in KiB and MiB. */
  readonly unit: 'turns' | 'entries' | 'events' | 'bytes';
  /** What is shown before it where there is room. */
  readonly detail?: string;
}

/** Long work on one line: how much is done, at which rate, and how long the rest takes where its total is known. */
export class Work {
  private readonly meter: Meter;
  /** The phase that goes on; null before the first, which begins with the work. */
  private phase: string | null = null;
  private pace: Pace;
  private counts: Pace;

  /** `nowMs` is a clock that never goes back. */
  constructor(
    private readonly io: Io,
    private readonly nowMs: () => number = () => performance.now(),
  ) {
    this.meter = new Meter(io);
    [this.pace, this.counts] = [this.begun(), this.begun()];
  }

  /** Shows it, if it is time to and somebody watches; as often as one likes. */
  show(far: Far): void {
    this.meter.show(() => this.text(far));
  }

  /** What is shown: `folded 45 %, 12 turns, 345 entries (67/s), about 8 s left`. */
  text({ phase, done, total, counted = done, unit, detail = '' }: Far): string {
    if (this.phase !== null && this.phase !== phase) [this.pace, this.counts] = [this.begun(), this.begun()];
    this.phase = phase;
    this.pace.at(done);
    this.counts.at(counted);
    const part = total === null ? '' : `${Math.min(100, Math.floor((done * 100) / Math.max(1, total)))} %`;
    const left = total === null ? '' : this.pace.leftText(total);
    const line = (...parts: readonly string[]) => `${phase} ${parts.filter((text) => text !== '').join(', ')}`;
    const amount = this.amount(counted, unit);
    const whole = line(part, detail, amount, left);
    return whole.length < this.io.columns ? whole : line(part, amount, left);
  }

  private begun(): Pace {
    const pace = new Pace(this.nowMs);
    pace.at(0);
    return pace;
  }

  private amount(count: number, unit: Far['unit']): string {
    const perSecond = this.counts.perSecond();
    const amount = unit === 'bytes' ? bytes(count) : `${grouped(count)} ${unit}`;
    if (perSecond === null || perSecond <= 0) return amount;
    return `${amount} (${unit === 'bytes' ? `${bytes(Math.round(perSecond))}/s` : rateText(perSecond)})`;
  }

  clear(): void {
    this.meter.clear();
  }
}

/** Shows work while `run` does it, and takes the line away however it ends. */
export async function showing<T>(io: Io, run: (show: (far: Far) => void) => Promise<T>): Promise<T> {
  const work = new Work(io);
  try {
    return await run((far) => work.show(far));
  } finally {
    work.clear();
  }
}

/**
 * The same for work that takes back what it has made when it fails: at Ctrl-C it fails, where it next tells how far it
 * is, with `Interrupted`.
 */
export function showingUntilInterrupted<T>(io: Io, run: (show: (far: Far) => void) => Promise<T>): Promise<T> {
  return interruptible((signal) =>
    showing(io, (show) =>
      run((far) => {
        signal.throwIfAborted();
        show(far);
      }),
    ),
  );
}
