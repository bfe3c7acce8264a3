import type { Machine } from '../client/ports.js';

/** A moment counts as heard so long after it, by a timer or a message: what came by then, however much, has been read. */
const SETTLED_MS = 2_000;

/**
 * Up to which moment a process has surely heard what it was told. While its loop stands still, for a `run()` that
 * computes, messages wait unread, and nothing tells afterwards when they came; and while a stream is silent that should
 * have pings, they are on their way.
 */
export class Heard {
  private heardMs: number;
  /** Of the stream that is open: up to when it is heard, and the message that will say so of when it came. */
  private stream: { heardMs: number; messageMs: number } | null = null;
  private cancel: () => void = () => undefined;

  constructor(private readonly machine: Machine) {
    this.heardMs = machine.nowMs();
    this.settle();
  }

  /**
   * By the machine's clock; a few seconds behind it where nothing
   * stands still, or by the time between two pings or three.
   */
  get untilMs(): number {
    return Math.min(this.heardMs, this.stream?.heardMs ?? this.heardMs);
  }

  /** A stream is open in which signs of life come, of a session that has just begun. */
  opened(): void {
    const nowMs = this.machine.nowMs();
    this.stream = { heardMs: nowMs, messageMs: nowMs };
  }

  /** Something came on it. */
  message(): void {
    const nowMs = this.machine.nowMs();
    if (this.stream === null || nowMs - this.stream.messageMs < SETTLED_MS) return;
    this.stream = { heardMs: this.stream.messageMs, messageMs: nowMs };
  }

  /** It is over: the next session begins with all that is to be told. */
  closed(): void {
    this.stream = null;
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
