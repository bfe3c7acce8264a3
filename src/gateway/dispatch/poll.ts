/** The dispatch stream for executors that cannot hold a response open: one answer with what there is. */

import { DRAIN_LINE, dispatchLine } from '../../edge/dispatch-lines.js';
import { POLL_ACCEPT_MS, POLL_CHARS, POLL_REPEAT_MS } from '../../edge/limits.js';
import type { Clock } from '../../edge/ports.js';
import type { Views } from '../../scheduler/views/port.js';
import { ANSWER_BATCH, BatchSize } from '../batch-size.js';
import type { DispatchHub, Snapshot } from './hub.js';

/**
 * Answers long polls. Which messages were sent is only remembered so that they are not sent with every poll: a lease
 * that stays unacknowledged is sent again after a while, since its answer may have been lost.
 */
export class Polls {
  readonly #sent = new Map<number, Map<string, number>>();

  constructor(
    private readonly hub: DispatchHub,
    private readonly views: Views,
    private readonly clock: Pick<Clock, 'monotonicMs'>,
  ) {}

  /**
   * Up to `max` messages for a session, after at most `waitMs`, fewer where they are large; none for who `isGone`, so
   * that they go to the poll that comes after it at once. Throws `Refusal`.
   */
  async next(
    executor: string,
    incarnation: string,
    { waitMs, max, isGone }: { readonly waitMs: number; readonly max: number; readonly isGone: () => boolean },
  ): Promise<readonly string[]> {
    const endAtMs = this.clock.monotonicMs() + waitMs;
    for (;;) {
      const { seq } = this.hub.session(executor, incarnation);
      const leftMs = Math.min(endAtMs - this.clock.monotonicMs(), POLL_REPEAT_MS);
      const listening = this.hub.listen(seq, Math.max(0, leftMs));
      const snapshot = this.hub.snapshot(seq);
      const fate = await this.hub.accepted(snapshot.turn, Math.max(leftMs, POLL_ACCEPT_MS));
      const lines = fate === 'there' && !isGone() ? await this.#lines(seq, snapshot, max) : [];
      if (lines.length > 0 || leftMs <= 0 || this.hub.closed || isGone()) {
        listening.stop();
        return lines;
      }
      await listening.heard;
    }
  }

  /** Forgets what was sent to an executor whose session is over. */
  forget(seq: number): void {
    this.#sent.delete(seq);
  }

  async #lines(seq: number, snapshot: Snapshot, max: number): Promise<string[]> {
    const sent = new SentMessages(this.#sent.get(seq), this.clock.monotonicMs());
    const tokens = sent.unsent(snapshot.tokens, max, dispatchKey);
    const stops = sent.unsent(snapshot.stopping, max - tokens.length, stopKey);
    const drain = snapshot.draining && sent.unsent([0], max - tokens.length - stops.length, drainKey).length > 0;
    this.#sent.set(seq, sent.remembered);
    const { lines, resolved } = await this.#dispatchLines(tokens);
    if (resolved < tokens.length) this.#putBack(seq, tokens.slice(resolved));
    for (const token of stops) {
      const line = this.hub.stopLineOf(token);
      if (line !== null) lines.push(line);
    }
    if (drain) lines.push(DRAIN_LINE);
    return lines;
  }

  /** What has no room is not sent: the next poll has it, and those that wait already look once more. */
  #putBack(seq: number, tokens: readonly number[]): void {
    for (const token of tokens) this.#sent.get(seq)?.delete(dispatchKey(token));
    this.hub.wake(seq);
  }

  /** Dispatches until the answer is full, and how many of the tokens that took. */
  async #dispatchLines(tokens: readonly number[]): Promise<{ readonly lines: string[]; readonly resolved: number }> {
    const lines: string[] = [];
    const size = new BatchSize(ANSWER_BATCH);
    let resolved = 0;
    for (let chars = 0; resolved < tokens.length && chars < POLL_CHARS; ) {
      const before = chars;
      for (const view of await this.views.dispatches(tokens.slice(resolved, resolved + size.next))) {
        // Large ones may follow small ones, and then the batch is much more than the answer has room for.
        if (chars >= POLL_CHARS) break;
        resolved++;
        if (view === null) continue;
        const line = dispatchLine(view, this.hub.published);
        lines.push(line);
        chars += line.length;
      }
      size.adapt(chars - before);
    }
    return { lines, resolved };
  }
}

const dispatchKey = (token: number): string => `dispatch ${token}`;
const stopKey = (token: number): string => `stop ${token}`;
const drainKey = (): string => 'drain';

/** When messages were sent. Only those that still concern the executor are remembered. */
class SentMessages {
  readonly remembered = new Map<string, number>();
  readonly #before: ReadonlyMap<string, number>;

  constructor(
    before: ReadonlyMap<string, number> | undefined,
    private readonly nowMs: number,
  ) {
    this.#before = before ?? new Map();
  }

  /** The first `max` of these that were not sent lately; they count as sent now. */
  unsent(tokens: readonly number[], max: number, keyOf: (token: number) => string): number[] {
    const taken: number[] = [];
    for (const token of tokens) {
      const key = keyOf(token);
      const atMs = this.#before.get(key);
      const lately = atMs !== undefined && this.nowMs - atMs < POLL_REPEAT_MS;
      if (lately) {
        this.remembered.set(key, atMs);
      } else if (taken.length < max) {
        this.remembered.set(key, this.nowMs);
        taken.push(token);
      }
    }
    return taken;
  }
}
