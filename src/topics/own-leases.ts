import { Code } from '../catalogue/generated/codes.js';
import type { EventEntry, LeaseRef } from '../catalogue/generated/types.js';
import type { DispatchMessage, UnreadableMessage } from '../executor/protocol.js';

type Dispatch = DispatchMessage | UnreadableMessage;

interface OwnLease {
  readonly lease: LeaseRef;
  isInForce: boolean;
}

/**
 * The leases of one executor, as the journal tells them. The topic of dispatches may be ahead of the journal's reader or
 * behind it: a dispatch waits until the turn that granted its lease has been read, and counts only while that is in force.
 * So nothing runs that no accepted turn has granted.
 */
export class OwnLeases {
  readonly #leases = new Map<number, OwnLease>();
  readonly #waiting = new Map<number, Dispatch>();
  /** The highest token that was granted to anybody: tokens only rise. */
  #highest = 0;

  /** A lease that an earlier turn granted, and on which this process still works. */
  hold(lease: LeaseRef): void {
    if (!this.#leases.has(lease.token)) this.#leases.set(lease.token, { lease, isInForce: false });
  }

  /** Takes note of an event; `executor` is the number by which events call this executor. */
  take(event: EventEntry, executor: number): void {
    switch (event.code) {
      case Code.LeaseGranted: {
        const { executor: owner, token, dag, job, attempt } = event.body;
        this.#highest = Math.max(this.#highest, token);
        if (owner === executor) this.#leases.set(token, { lease: { dag, job, attempt, token }, isInForce: true });
        return;
      }
      case Code.LeaseReleased:
      case Code.LeaseExpired:
      case Code.SlotReclaiming: {
        const own = this.#leases.get(event.body.token);
        if (own !== undefined) own.isInForce = false;
        return;
      }
      case Code.SlotReleased:
      case Code.SlotWithdrawn:
        this.#leases.delete(event.body.token);
        return;
      default:
    }
  }

  /** The lease of a token that is this executor's, until its slot is free. */
  of(token: number): LeaseRef | null {
    return this.#leases.get(token)?.lease ?? null;
  }

  /** A dispatch waits for `ready`. */
  dispatched(token: number, message: Dispatch): void {
    this.#waiting.set(token, message);
  }

  /** Dispatches whose leases are in force; those that can't be any more are forgotten. */
  ready(): readonly Dispatch[] {
    const found: Dispatch[] = [];
    for (const [token, message] of this.#waiting) {
      if (token > this.#highest) continue;
      this.#waiting.delete(token);
      if (this.#leases.get(token)?.isInForce === true) found.push(message);
    }
    return found;
  }
}
