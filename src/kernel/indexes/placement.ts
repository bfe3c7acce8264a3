import { advertised, allowed, empty } from '../evolve/capacity.js';
import { MAX_EXECUTOR_SLOTS } from '../limits.js';
import type { State } from '../rows/state.js';
import { doubled } from '../structures/grow.js';
import { IntrusiveHeap } from '../structures/heap.js';
import { NumberList } from '../structures/number-list.js';
import { NumberSet } from '../structures/number-set.js';

/** The executors of one class by their number of free slots; the one that is reserved stands apart. */
interface ClassPlaces {
  /** Roots of heaps, by free slots. */
  readonly roots: Int32Array;
  /** The numbers of free slots that some executor has. */
  readonly filled: NumberSet;
  free: number;
  /** How many executors take work and have so many slots in all, and which numbers these are. */
  readonly capacities: Uint32Array;
  readonly sizes: NumberSet;
  /** The greatest of these. */
  largest: number;
}

/**
 * Which executor gets a job (policy.md: Placement): of those with enough free slots the one with the fewest, then the
 * last to have released a slot, then the lower sequence number. An index over executor rows.
 */
export class Placement {
  private readonly heap = new IntrusiveHeap();
  private readonly classes: (ClassPlaces | undefined)[] = [];
  /** Where an executor stands: its class, its free slots + 1, and its slots in all + 1; 0 when it stands nowhere. */
  private readonly classOf: number[] = [];
  private readonly placeOf: number[] = [];
  private readonly sizeOf: number[] = [];

  /**
   * Executors whose slots were taken or became free since they were put where they are; and whether each is among
   * these.
   */
  private readonly behind = new NumberList();
  private isBehind = new Uint8Array(64);

  constructor(private readonly state: State) {}

  /** Slots of an executor that takes work: none unless it is live and not cordoned. */
  static capacity(state: State, executor: number): number {
    return state.executors.c.cordoned[executor] === 0 ? advertised(state, executor) : 0;
  }

  /** Free slots that an executor offers. */
  static offered(state: State, executor: number): number {
    return state.executors.c.cordoned[executor] === 0 ? empty(state, executor) : 0;
  }

  /** An executor's row, or what is reserved in its class, has changed: it moves to where it belongs. */
  update(executor: number): void {
    const { executors } = this.state;
    this.takeOut(executor);
    this.resize(executor, executors.c.class[executor]!, Placement.capacity(this.state, executor));
    this.putIn(executor);
  }

  /**
   * Slots of an executor were taken or have become free, and nothing else of it has changed. It moves when somebody
   * asks: many slots may become free before.
   */
  served(executor: number): void {
    if (executor >= this.isBehind.length) this.isBehind = doubled(this.isBehind, executor + 1);
    if (this.isBehind[executor] !== 0) return;
    this.isBehind[executor] = 1;
    this.behind.push(executor);
  }

  /** Asked before each answer. Small, so that V8 has it in its callers: mostly nothing moves. */
  private catchUp(): void {
    if (this.behind.length > 0) this.moveAll();
  }

  /** Executors move to where they belong now. */
  private moveAll(): void {
    for (let i = 0; i < this.behind.length; i++) {
      const executor = this.behind.at(i);
      this.isBehind[executor] = 0;
      this.takeOut(executor);
      this.putIn(executor);
    }
    this.behind.clear();
  }

  /** Puts an executor among those with as many free slots. */
  private putIn(executor: number): void {
    const size = (this.sizeOf[executor] ?? 0) - 1;
    if (size < 0) return;
    const { executors, classes } = this.state;
    const { c, keyA } = executors;
    const free = size - c.reserved[executor]! - c.reclaiming[executor]!;
    const classSeq = this.classOf[executor]!;
    if (free <= 0 || classes.c.reservedExecutor[classes.find(classSeq)] === keyA[executor]) return;
    const places = this.classes[classSeq]!;
    places.roots[free] = this.heap.insert(places.roots[free]!, executor, -c.lastRelease[executor]!, keyA[executor]!);
    places.filled.add(free);
    places.free += free;
    this.placeOf[executor] = free + 1;
  }

  /** It may have another number of slots in all, or another class; with no slots it stands nowhere. */
  private resize(executor: number, classSeq: number, size: number): void {
    const before = (this.sizeOf[executor] ?? 0) - 1;
    if (before === size && classSeq === this.classOf[executor]) return;
    if (before >= 0) {
      const places = this.classes[this.classOf[executor]!]!;
      places.capacities[before]! -= 1;
      if (places.capacities[before] === 0) places.sizes.remove(before);
      places.largest = places.sizes.greatest();
    }
    this.classOf[executor] = classSeq;
    this.sizeOf[executor] = size === 0 ? 0 : size + 1;
    if (size === 0) return;
    const places = this.placesOf(classSeq);
    places.capacities[size]! += 1;
    places.sizes.add(size);
    places.largest = Math.max(places.largest, size);
    this.heap.ensure(executor);
  }

  /** Free slots of a class, its limit included, apart from those of the executor that is reserved. */
  free(classSeq: number, cls: number): number {
    this.catchUp();
    const free = this.classes[classSeq]?.free ?? 0;
    return free === 0 ? 0 : Math.min(free, this.allowed(cls));
  }

  /** Slots that the limit of a class, by its row, still allows; more than there are when it has none. */
  allowed(cls: number): number {
    return allowed(this.state, cls);
  }

  /** The most free slots that one executor of the class offers, apart from the one that is reserved. */
  widest(classSeq: number): number {
    this.catchUp();
    return this.classes[classSeq]?.filled.greatest() ?? 0;
  }

  /** The most slots, free or not, of one executor of the class that takes work. */
  largest(classSeq: number): number {
    return this.classes[classSeq]?.largest ?? 0;
  }

  /** The executor that a job of so many slots would get, 0 when none has room. */
  choose(classSeq: number, slots: number): number {
    this.catchUp();
    const places = this.classes[classSeq];
    if (places === undefined) return 0;
    const free = places.filled.atLeast(slots);
    return free < 0 ? 0 : places.roots[free]!;
  }

  rebuild(): void {
    this.state.executors.table.eachRow((executor) => this.update(executor));
  }

  /** Takes an executor from among those with free slots. */
  private takeOut(executor: number): void {
    const free = (this.placeOf[executor] ?? 0) - 1;
    if (free < 0) return;
    const places = this.classes[this.classOf[executor]!]!;
    this.placeOf[executor] = 0;
    places.roots[free] = this.heap.remove(places.roots[free]!, executor);
    places.free -= free;
    if (places.roots[free] === 0) places.filled.remove(free);
  }

  private placesOf(classSeq: number): ClassPlaces {
    let places = this.classes[classSeq];
    if (places === undefined) {
      const size = MAX_EXECUTOR_SLOTS + 1;
      places = {
        roots: new Int32Array(size),
        filled: new NumberSet(),
        free: 0,
        capacities: new Uint32Array(size),
        sizes: new NumberSet(),
        largest: 0,
      };
      this.classes[classSeq] = places;
    }
    return places;
  }
}
