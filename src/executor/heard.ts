import type { Machine } from '../client/ports.js';

/** A moment counts as heard so long after it: what has come by then, however much it is, has been read. */
const SETTLED_MS = 2_000;

/**
 * Up to which moment a process has surely heard what it was told. While its loop stands still, for a `run()` that
 * computes, messages wait unread, and nothing tells afterwards when they came.
 */
export class Heard {
  private heardMs: number;
  private cancel: () => void = () => undefined;

  constructor(private readonly machine: Machine) {
    this.heardMs = machine.nowMs();
    this.settle();
  }

  /** By the machine's clock; a few seconds behind it where nothing stands still. */
  get untilMs(): number {
    return this.heardMs;
  }

  stop(): void {
    this.cancel();
  }

  /** The timer of a loop that stood still fires before what came meanwhile is read: it says nothing but when it was set. */
  private settle(): void {
    const setAtMs = this.machine.nowMs();
    const settled = (): void => {
      this.heardMs = setAtMs;
      this.settle();
    };
    this.cancel = this.machine.after(SETTLED_MS, settled, true);
  }
}
