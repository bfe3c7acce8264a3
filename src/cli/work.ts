import { bytes, grouped } from './format.js';
import type { Io } from './io.js';
import { Meter } from './meter.js';
import { Pace, rateText } from './pace.js';

/** What is counted, as it stands after a number; bytes are written in KiB and MiB. */
export type Unit = 'turns' | 'entries' | 'events' | 'bytes';

/** How far something is. */
export interface Far {
  /** Any measure of what is done, from which the time left follows. */
  readonly done: number;
  /** What `done` comes to in the end; null: nobody knows. */
  readonly total: number | null;
  /** What is shown with its rate, in the unit; `done` itself without it. */
  readonly counted?: number;
  /** What is shown before it. */
  readonly detail?: string;
}

/** Long work on one line: how much is done, at which rate, and how long the rest takes where its total is known. */
export class Work {
  private readonly meter: Meter;
  private readonly pace: Pace;
  private readonly counts: Pace;

  /** `nowMs` is a clock that never goes back. */
  constructor(
    io: Io,
    label: string,
    private readonly unit: Unit,
    nowMs?: () => number,
  ) {
    this.meter = new Meter(io, label);
    this.pace = new Pace(nowMs);
    this.counts = new Pace(nowMs);
    this.pace.at(0);
    this.counts.at(0);
  }

  /** Shows it, if it is time to and somebody watches; as often as one likes. */
  show(far: Far): void {
    this.meter.show(() => this.text(far));
  }

  /** What is shown: `45 %, 12 turns, 345 entries (67/s), about 8 s left`. */
  text({ done, total, counted = done, detail = '' }: Far): string {
    this.pace.at(done);
    this.counts.at(counted);
    const part = total === null ? '' : `${Math.min(100, Math.floor((done * 100) / Math.max(1, total)))} %`;
    const left = total === null ? '' : this.pace.leftText(total);
    return [part, detail, this.amount(counted), left].filter((text) => text !== '').join(', ');
  }

  private amount(count: number): string {
    const perSecond = this.counts.perSecond();
    const isBytes = this.unit === 'bytes';
    const amount = isBytes ? bytes(count) : `${grouped(count)} ${this.unit}`;
    if (perSecond === null || perSecond <= 0) return amount;
    return `${amount} (${isBytes ? `${bytes(Math.round(perSecond))}/s` : rateText(perSecond)})`;
  }

  clear(): void {
    this.meter.clear();
  }
}

/** Shows work while `run` does it, and takes the line away however it ends. */
export async function showing<T>(
  io: Io,
  label: string,
  unit: Unit,
  run: (show: (far: Far) => void) => Promise<T>,
): Promise<T> {
  const work = new Work(io, label, unit);
  try {
    return await run((far) => work.show(far));
  } finally {
    work.clear();
  }
}
