import { MAX_DURATION_MS } from '../limits.js';
import type { KeyedLists } from './keyed-lists.js';
import type { Room } from './policy.js';
import type { Sizes } from './sizes.js';

/**
 * The first flow of an order for which there is room, looked for anew only when there may be another one: most dispatches
 * leave flows at risk, and those that are due, as they are.
 */
export class FirstFlow {
  private changes = -1;
  private classSeq = 0;
  private largest = 0;
  private long = false;
  private flow = 0;

  constructor(
    private readonly sizes: Sizes,
    private readonly order: KeyedLists,
  ) {}

  /** The first flow, 0 when there is none; `long`: long jobs may start. */
  of(room: Room, long = true): number {
    // Where estimates decide, too, nothing is kept: the head of a flow may change without a change of the order.
    if (room.estimateMs < MAX_DURATION_MS) return this.sizes.first(this.order, room, long);
    const { classSeq } = room;
    const largest = this.sizes.largestFor(room);
    const isKnown = this.changes === this.order.changes && this.classSeq === classSeq;
    if (isKnown && this.largest === largest && this.long === long) return this.flow;
    this.changes = this.order.changes;
    this.classSeq = classSeq;
    this.largest = largest;
    this.long = long;
    this.flow = this.sizes.first(this.order, room, long);
    return this.flow;
  }
}
