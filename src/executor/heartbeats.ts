import type { Machine } from '../client/ports.js';

/** Who gives the signs of life of a session that is named by this path, when its process can't. */
export interface Substitute {
  alive(path: string, everyMs: number | null): void;
}

/** The signs of life of one executor. */
export class Heartbeats {
  private isOpen = false;
  private cancel = (): void => undefined;

  constructor(
    private readonly machine: Machine,
    private readonly substitute: Substitute,
    private readonly path: string,
    private readonly send: () => void,
    /** Called when one is so late that another one should have followed it: the process stood still for so many ms. */
    private readonly stoodStill: (ms: number) => void,
  ) {}

  /** A session has begun. */
  begin(everyMs: number): void {
    this.isOpen = true;
    this.next(everyMs);
  }

  /**
   * Its stream has broken, as it does where a process stood still: what waited meanwhile may let it stand still again
   * before it has registered, so the substitute is told only when it did not.
   */
  pause(): void {
    this.isOpen = false;
  }

  /** No other session follows. */
  end(): void {
    this.cancel();
    this.substitute.alive(this.path, null);
  }

  private next(everyMs: number): void {
    this.cancel();
    this.substitute.alive(this.path, everyMs);
    const dueMs = this.machine.nowMs() + everyMs;
    this.cancel = this.machine.after(everyMs, () => this.due(everyMs, this.machine.nowMs() - dueMs), true);
  }

  private due(everyMs: number, lateMs: number): void {
    const stoodStill = lateMs >= everyMs;
    if (stoodStill) this.stoodStill(Math.round(lateMs));
    if (!this.isOpen && !stoodStill) return this.end();
    this.next(everyMs);
    if (this.isOpen) this.send();
  }
}
