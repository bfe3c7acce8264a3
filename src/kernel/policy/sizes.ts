import { Shape } from '../../catalogue/generated/codes.js';
import type { FlowHeads } from '../indexes/flow-heads.js';
import { MAX_DURATION_MS } from '../limits.js';
import { classOfFlow, shapeOfFlow } from '../rows/keys.js';
import type { State } from '../rows/state.js';
import { doubled } from '../structures/grow.js';
import type { FlowOrder } from './flow-lists.js';
import type { Room } from './policy.js';

/**
 * The sizes of a class, smallest first: flows of one size need the same room. A size has a code, 0 short, 1 long, and n
 * for those whose head needs n slots; and a list, its number among all sizes of all classes.
 */
export class SizesOfClass {
  count = 0;
  codes = new Int32Array(4);
  lists = new Int32Array(4);

  /** The place of a code, or the one that it would get. */
  placeOf(code: number): number {
    let at = 0;
    while (at < this.count && this.codes[at]! < code) at += 1;
    return at;
  }

  /** Puts in a code that is not there. */
  insert(at: number, code: number, list: number): void {
    if (this.count === this.codes.length) {
      this.codes = doubled(this.codes, this.count + 1);
      this.lists = doubled(this.lists, this.count + 1);
    }
    this.codes.copyWithin(at + 1, at, this.count);
    this.lists.copyWithin(at + 1, at, this.count);
    this.codes[at] = code;
    this.lists[at] = list;
    this.count += 1;
  }
}

/**
 * How long a job of several slots is passed over before an executor is reserved for it, in ms (policy.md: Jobs that
 * need several slots).
 */
export const WIDE_AFTER_MS = 10_000;

const NONE = new SizesOfClass();

/** The largest size for which there is room, as far as slots go; what has a size takes a slot at least. */
export function widest(room: Room): number {
  return Math.max(Shape.long, room.slots);
}

/**
 * The sizes that flows of a class have or had, smallest first. Each has a list of its own in a policy's orders, so that
 * what has no room is passed over without a look at it, and a job larger than any executor stands in nobody's way.
 */
export class Sizes {
  private readonly classes: (SizesOfClass | undefined)[] = [];
  private lists = 0;

  /** `heads` are those of the policy's own order of jobs in a flow. */
  constructor(
    private readonly state: State,
    private readonly heads: FlowHeads,
  ) {}

  /** Sizes of a class, smallest first. */
  of(classSeq: number): Readonly<SizesOfClass> {
    return this.classes[classSeq] ?? NONE;
  }

  /** The list to which a flow belongs by its head. */
  listOf(flow: number): number {
    const key = this.state.flows.keyB[flow]!;
    const shape = shapeOfFlow(key);
    const code = shape === Shape.wide ? this.state.jobs.c.moreSlots[this.heads.head(flow)]! + 1 : shape;
    return this.list(classOfFlow(key), code);
  }

  private list(classSeq: number, code: number): number {
    let sizes = this.classes[classSeq];
    if (sizes === undefined) {
      sizes = new SizesOfClass();
      this.classes[classSeq] = sizes;
    }
    const at = sizes.placeOf(code);
    if (at < sizes.count && sizes.codes[at] === code) return sizes.lists[at]!;
    this.lists += 1;
    sizes.insert(at, code, this.lists);
    return this.lists;
  }

  /** The largest size of a class for which there is room, as far as slots go. */
  largestFor(room: Room): number {
    const { count, codes } = this.of(room.classSeq);
    return count === 0 ? 0 : Math.min(widest(room), codes[count - 1]!);
  }

  /** The first flow of an order for which there is room, 0 when there is none; `long`: long jobs may start. */
  first(order: FlowOrder, room: Room, long = true): number {
    const { estimateMs } = this.state.jobs.c;
    const { count, codes, lists } = this.of(room.classSeq);
    // What decides for all sizes is looked at once: this is done several times for each dispatch.
    const largest = widest(room);
    const passedOver = long ? -1 : Shape.long;
    const isForAnyLength = room.estimateMs >= MAX_DURATION_MS;
    let best = 0;
    let first = 0;
    for (let i = 0; i < count; i++) {
      const code = codes[i]!;
      if (code > largest) break;
      if (code === passedOver) continue;
      const list = lists[i]!;
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
    const { count, codes, lists } = this.of(room.classSeq);
    for (let i = count - 1; i >= 0 && codes[i]! > largest; i--) {
      if (codes[i]! <= most && order.head(lists[i]!) !== 0) return true;
    }
    return false;
  }

  /** Whether any flow of an order needs at most so many slots. */
  hasUpTo(order: FlowOrder, classSeq: number, most: number): boolean {
    const { count, codes, lists } = this.of(classSeq);
    for (let i = 0; i < count && codes[i]! <= Math.max(Shape.long, most); i++)
      if (order.head(lists[i]!) !== 0) return true;
    return false;
  }

  /**
   * When the next of their heads will have waited so long that it may have an executor reserved; infinity when there is
   * none.
   */
  nextPatience(order: FlowOrder, room: Room, most: number): number {
    let next = Number.POSITIVE_INFINITY;
    const largest = widest(room);
    const { count, codes, lists } = this.of(room.classSeq);
    for (let i = 0; i < count; i++) {
      const code = codes[i]!;
      const flow = order.head(lists[i]!);
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
