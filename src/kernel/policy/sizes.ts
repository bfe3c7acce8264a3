import { Shape } from '../../catalogue/generated/codes.js';
import type { FlowHeads } from '../flow-heads.js';
import { MAX_DURATION_MS } from '../limits.js';
import type { State } from '../state.js';
import type { FlowOrder } from './flow-lists.js';
import type { Room } from './policy.js';

/** Flows of one class that need the same room: 0 short, 1 long, and n for those whose head needs n slots. */
export interface Size {
  readonly code: number;
  /** Its number among all sizes of all classes. */
  readonly list: number;
}

/** How long a job of several slots is passed over before an executor is reserved for it, in ms (policy.md, section 7). */
export const WIDE_AFTER_MS = 10_000;

const NONE: readonly Size[] = [];

/** The largest size for which there is room, as far as slots go; what has a size takes a slot at least. */
export function widest(room: Room): number {
  return Math.max(Shape.long, room.slots);
}

/**
 * The sizes that flows of a class have or had, smallest first. Each has a list of its own in a policy's orders, so that
 * what has no room is passed over without a look at it, and a job larger than any executor stands in nobody's way.
 */
export class Sizes {
  private readonly classes: (Size[] | undefined)[] = [];
  private lists = 0;

  /** `heads` are those of the policy's own order of jobs in a flow. */
  constructor(
    private readonly state: State,
    private readonly heads: FlowHeads,
  ) {}

  /** Sizes of a class, smallest first. */
  of(classSeq: number): readonly Size[] {
    return this.classes[classSeq] ?? NONE;
  }

  /** The list to which a flow belongs by its head. */
  listOf(flow: number): number {
    const classAndShape = this.state.flows.keyB[flow]!;
    const shape = classAndShape & 3;
    const code = shape === Shape.wide ? this.state.jobs.c.moreSlots[this.heads.head(flow)]! + 1 : shape;
    return this.list(classAndShape >>> 2, code);
  }

  private list(classSeq: number, code: number): number {
    let sizes = this.classes[classSeq];
    if (sizes === undefined) {
      sizes = [];
      this.classes[classSeq] = sizes;
    }
    let at = 0;
    while (at < sizes.length && sizes[at]!.code < code) at += 1;
    const known = sizes[at];
    if (known !== undefined && known.code === code) return known.list;
    this.lists += 1;
    sizes.splice(at, 0, { code, list: this.lists });
    return this.lists;
  }

  /** The first flow of an order for which there is room, 0 when there is none; `long`: long jobs may start. */
  first(order: FlowOrder, room: Room, long = true): number {
    const { estimateMs } = this.state.jobs.c;
    const sizes = this.of(room.classSeq);
    // What decides for all sizes is looked at once: this is done several times for each dispatch.
    const largest = widest(room);
    const passedOver = long ? -1 : Shape.long;
    const isForAnyLength = room.estimateMs >= MAX_DURATION_MS;
    let best = 0;
    let first = 0;
    for (let i = 0; i < sizes.length; i++) {
      const { code, list } = sizes[i]!;
      if (code > largest) break;
      if (code === passedOver) continue;
      const flow = order.head(list);
      if (flow === 0) continue;
      if (!isForAnyLength && estimateMs[this.heads.head(flow)]! > room.estimateMs) continue;
      if (best !== 0 && !order.before(list, best)) continue;
      best = list;
      first = flow;
    }
    return first;
  }

  /** Whether a flow needs more slots than there is room for, but at most `most`. */
  hasUnfit(order: FlowOrder, room: Room, most: number): boolean {
    const largest = widest(room);
    const sizes = this.of(room.classSeq);
    for (let i = sizes.length - 1; i >= 0 && sizes[i]!.code > largest; i--) {
      if (sizes[i]!.code <= most && order.head(sizes[i]!.list) !== 0) return true;
    }
    return false;
  }

  /** When the next of their heads will have waited so long that it may have an executor reserved; infinity when there is none. */
  nextPatience(order: FlowOrder, room: Room, most: number): number {
    let next = Number.POSITIVE_INFINITY;
    const largest = widest(room);
    for (const { code, list } of this.of(room.classSeq)) {
      const flow = order.head(list);
      if (flow === 0 || code <= largest || code > most) continue;
      const at = this.readyAt(flow) + WIDE_AFTER_MS;
      if (at > room.at && at < next) next = at;
    }
    return next;
  }

  private readyAt(flow: number): number {
    return this.state.jobs.c.readyAtMs[this.heads.head(flow)]!;
  }
}
