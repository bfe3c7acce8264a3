/** When executors were heard of last, as the events of turns tell of it: to a third of a session. */
import { Code } from '../../catalogue/generated/codes.js';
import type { AnyEntry } from '../../catalogue/generated/types.js';

/** What runs on an executor that is lost was seen to run up to then, and not until its session was over. */
export class LastHeard {
  readonly #at = new Map<number, number>();

  /** Takes an entry of a turn at a moment. */
  take(at: number, entry: AnyEntry): void {
    if (entry.code === Code.SessionExtended) this.#at.set(entry.body.executor, at);
    else if (entry.code === Code.ExecutorForgotten) this.#at.delete(entry.body.executor);
    // Another incarnation says nothing of what the one before it ran.
    else if (entry.code === Code.ExecutorRegistered && entry.body.resumed) this.#at.set(entry.body.executor, at);
  }

  /** When an executor was heard of last after a moment; that moment where it was not. */
  since(at: number, executor: number): number {
    return Math.max(at, this.#at.get(executor) ?? at);
  }
}
