import { JobStopped, type StopCode } from './errors.js';
import type { DispatchMessage } from './protocol.js';

/** An attempt whose dispatch can't be read: from its report until that has been answered. */
export class Unread {
  constructor(readonly token: string) {}
}

/** One attempt that this process holds: from its dispatch until its terminal callback has been answered. */
export class Attempt {
  /** waiting: no slot here yet. running: run() has been called. ended: its terminal callback is on its way. */
  state: 'waiting' | 'running' | 'ended' = 'waiting';
  stopped: JobStopped | null = null;
  /** Since when it may have been told to stop, by the machine's clock; of one that was not, when it ended. */
  stoppedAtMs = 0;
  unitsUsed: number | null = null;
  /** Latest progress; -1 when there is none yet. */
  permille = -1;
  message: string | null = null;
  /** How often its report was refused for what it said, and it was failed instead. */
  refusals = 0;
  /** The fabric asked to stop it when its terminal callback was already on its way. */
  stopAsked = false;
  private controller: AbortController | null = null;

  constructor(readonly dispatch: DispatchMessage) {}

  get token(): string {
    return this.dispatch.token;
  }

  get slots(): number {
    return this.dispatch.slots;
  }

  /** Made when it is first asked for: most short jobs never look at it. */
  get signal(): AbortSignal {
    if (this.controller === null) {
      this.controller = new AbortController();
      if (this.stopped) this.controller.abort(this.stopped);
    }
    return this.controller.signal;
  }

  /** Aborts the signal; the first reason stays. */
  stop(code: StopCode): void {
    if (this.stopped || this.state === 'ended') return;
    this.stopped = new JobStopped(code);
    this.controller?.abort(this.stopped);
  }
}
