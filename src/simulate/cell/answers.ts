/** Attempts that hold slots under a virtual clock, and the answers to them that will come. */

import Heap from 'tinyqueue';
import type { HeldToken, LeaseRef } from '../../catalogue/generated/types.js';
import { madeOnce } from '../../catalogue/made-once.js';
import { STOPPED, type Terminal } from './terminal.js';

/** The answer to a dispatch that will come in. */
export interface Answer {
  readonly at: number;
  /** Its place among what happens at the same moment: smaller first. */
  readonly order: number;
  readonly lease: LeaseRef;
  readonly terminal: Terminal;
}

/** An attempt that holds slots. */
interface Running extends HeldToken {
  /** Sequence number of its executor. */
  readonly executor: number;
  /** null: none comes by itself. */
  answer: Answer | null;
}

/** How long an executor needs to stop when the scheduler ends its lease, in ms. */
const STOP_MS = 1;

export class Answers {
  readonly #coming = new Heap<Answer>([], comesBefore);
  /** By token. */
  readonly #running = new Map<number, Running>();
  /** Tokens by executor: each of a fleet lists its own when a change comes, without looking through all that runs. */
  readonly #tokens = new Map<number, Set<number>>();

  /** `stopOrder`: the place of an answer that says that its executor was told to stop. */
  constructor(private readonly stopOrder: number) {}

  /** How many attempts hold slots. */
  get running(): number {
    return this.#running.size;
  }

  /** When the next answer comes; infinity when none is under way. */
  get nextAt(): number {
    return this.#coming.peek()?.at ?? Number.POSITIVE_INFINITY;
  }

  /** What an executor runs, as it lists it. */
  heldBy(executor: number): HeldToken[] {
    return [...(this.#tokens.get(executor) ?? [])].map((token) => {
      const { lease, slots } = this.#running.get(token)!;
      return { lease, slots };
    });
  }

  /** An attempt holds slots from now on. */
  hold({ lease, slots }: HeldToken, executor: number): void {
    this.#running.set(lease.token, { lease, slots, executor, answer: null });
    madeOnce(this.#tokens, executor, () => new Set()).add(lease.token);
  }

  /** An attempt that holds slots will be answered, and not as it was said before. */
  expect(token: number, at: number, order: number, terminal: Terminal): void {
    const running = this.#running.get(token)!;
    running.answer = { at, order, lease: running.lease, terminal };
    this.#coming.push(running.answer);
  }

  /** The scheduler ended a lease: who runs it stops, and says so. */
  stop(token: number, at: number): void {
    if (this.#running.has(token)) this.expect(token, at + STOP_MS, this.stopOrder, STOPPED);
  }

  /** Its slots are held no more: whatever was to come doesn't. */
  release(token: number): void {
    const running = this.#running.get(token);
    if (running === undefined) return;
    this.#running.delete(token);
    this.#tokens.get(running.executor)!.delete(token);
  }

  /** The next answer; undefined when none is under way. */
  peek(): Answer | undefined {
    return this.#coming.peek();
  }

  /** Takes the next answer; null when its lease holds no slot any more, or is answered otherwise by now. */
  take(): Answer | null {
    const answer = this.#coming.pop()!;
    return this.#running.get(answer.lease.token)?.answer === answer ? answer : null;
  }
}

function comesBefore(a: Answer, b: Answer): number {
  // Places may be infinite, and the difference of two that are is no number.
  const inOrder = a.order === b.order ? 0 : a.order - b.order;
  return (
    a.at - b.at ||
    inOrder ||
    a.lease.dag - b.lease.dag ||
    a.lease.job - b.lease.job ||
    a.lease.attempt - b.lease.attempt
  );
}
