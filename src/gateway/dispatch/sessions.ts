/** Sessions as this edge knows them: how long they are, and when the last heartbeat was passed on. */
import { HEARTBEAT_REPEAT_PARTS } from '../../edge/limits.js';

interface Session {
  readonly executor: string;
  readonly incarnation: string;
  readonly sessionMs: number;
  passedAtMs: number;
}

/**
 * Tells repeats of heartbeats. It only ever drops one that follows another within a tenth of the session's length;
 * which heartbeat extends a session is the kernel's to decide. A session that began before this process is not known
 * here, and all its heartbeats are passed on.
 */
export class Sessions {
  readonly #byId = new Map<string, Session>();
  readonly #ids = new Map<number, string>();

  begin(seq: number, executor: string, incarnation: string, sessionMs: number): void {
    this.#ids.set(seq, executor);
    this.#byId.set(executor, { executor, incarnation, sessionMs, passedAtMs: Number.NEGATIVE_INFINITY });
  }

  end(seq: number): void {
    const id = this.#ids.get(seq);
    this.#ids.delete(seq);
    if (id !== undefined) this.#byId.delete(id);
  }

  /** Whether this heartbeat need not be passed on; if not, it counts as passed on now, by the monotonic clock. */
  repeats(executor: string, incarnation: string, nowMs: number): boolean {
    const session = this.#byId.get(executor);
    if (session === undefined || session.incarnation !== incarnation) return false;
    if ((nowMs - session.passedAtMs) * HEARTBEAT_REPEAT_PARTS < session.sessionMs) return true;
    session.passedAtMs = nowMs;
    return false;
  }

  /** A heartbeat that counts as passed on may have been taken by nobody: the next one is no repeat. */
  notTaken(executor: string): void {
    const session = this.#byId.get(executor);
    if (session !== undefined) session.passedAtMs = Number.NEGATIVE_INFINITY;
  }
}
