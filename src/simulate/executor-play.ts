/** Plays the executors of a virtual cell as far as their sessions go: registrations and heartbeats. */
import { Code } from '../catalogue/generated/codes.js';
import type { InputEntry } from '../catalogue/generated/types.js';
import { MAX_SESSION_MS } from '../kernel/limits.js';
import type { Attempt, BodyOf } from './world.js';

type Registration = BodyOf<typeof Code.RegisterExecutor>;

/** How often heartbeats are sent: well before a session ends, and not before one extends it. */
const BEAT_MS = Math.floor(MAX_SESSION_MS / 2);

export class ExecutorPlay {
  /** Live executors by their sequence number. */
  readonly #live = new Map<number, Registration>();
  readonly #seqs = new Map<string, number>();
  /** When the next heartbeats are due. */
  beatAt = Number.POSITIVE_INFINITY;

  /** A registration as its executor makes it: it lists what it runs, and its session is long. */
  registration(body: Registration, running: readonly { readonly attempt: Attempt }[]): Registration {
    const seq = this.#seqs.get(body.executor);
    const isSame = seq !== undefined && this.#live.get(seq)?.incarnation === body.incarnation;
    const own = isSame ? running.filter(({ attempt }) => attempt.executor === seq) : [];
    const held = own.map(({ attempt: { lease, slots } }) => ({ lease, slots }));
    return { ...body, held, sessionMs: MAX_SESSION_MS };
  }

  /** The kernel knows an executor by this number now. */
  registered(seq: number, input: InputEntry): void {
    if (input.code !== Code.RegisterExecutor) throw new Error('assertion failed: a registration without its input');
    this.#live.set(seq, input.body);
    this.#seqs.set(input.body.executor, seq);
    if (this.beatAt === Number.POSITIVE_INFINITY) this.beatAt = input.envelope.receivedAtMs + BEAT_MS;
  }

  left(seq: number): void {
    this.#live.delete(seq);
  }

  /** The heartbeats that are due. */
  heartbeats(at: number): readonly BodyOf<typeof Code.Heartbeat>[] {
    if (at < this.beatAt) return [];
    this.beatAt = at + BEAT_MS;
    return [...this.#live.values()].map(({ executor, incarnation }) => ({ executor, incarnation }));
  }
}
