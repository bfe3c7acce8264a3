import type { Percentiles } from '../../answers/types.js';
import { Code } from '../../catalogue/generated/codes.js';
import type { AnyEntry, EntryOf, EventEntry } from '../../catalogue/generated/types.js';
import { madeOnce } from '../../catalogue/made-once.js';
import { OUTCOMES } from '../../catalogue/outcomes.js';
import type { Clock } from '../../edge/ports.js';
import type { AcceptedTurn, TurnTimings } from '../../outbox/port.js';
import type { FoldSignals } from '../../scheduler/views/port.js';
import { Distribution, SLICE_MS } from './distribution.js';
import { SeqColumn } from './seq-column.js';
import { SIGNAL_KEYS, SIGNALS, type SignalInfo, type SignalKey } from './signals.js';

/** Classes that have series of their own; those beyond share one, so that no crowd of classes eats the memory. */
const CLASSES = 128;

/** Labels of one series, and its values. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly values: Distribution;
}

/** What was recorded lately of a signal. */
interface Recent {
  /** How far back it goes. */
  readonly windowMs: number;
  readonly series: readonly ({ readonly labels: Series['labels'] } & Percentiles)[];
}

/** What is to be recorded of classes: distributions by the class's sequence number. */
type ByClass = (Distribution | undefined)[];

/**
 * Measures accepted turns. It sees every entry, so it does next to nothing for each: a few additions to typed arrays,
 * and no objects. What isn't in the entries (a job's wait, the class of an executor) it reads from the fold, which
 * is one turn ahead at most.
 */
export class SignalRecorder {
  /** When the submission of each DAG that has never ended was received; negative once one of its jobs was ready. */
  readonly #received: SeqColumn;
  /** Class of the slots that each token holds. */
  readonly #classOfToken: SeqColumn;
  readonly #outcomes = new Map<string, Distribution>();
  readonly #frontierWait: Distribution;
  readonly #planning: Distribution;
  readonly #leases: ByClass = [];
  readonly #waits: ByClass = [];
  readonly #occupancy: ByClass = [];
  readonly #releases: ByClass = [];
  /** Leases that the turn at hand has granted, by class. */
  readonly #granted = new Uint32Array(CLASSES + 1);
  #hasGranted = false;
  readonly #startedAtMs: number;
  #slice: number;

  constructor(
    private readonly fold: FoldSignals,
    private readonly clock: Pick<Clock, 'monotonicMs'>,
  ) {
    this.#startedAtMs = clock.monotonicMs();
    this.#slice = this.#now();
    this.#frontierWait = this.#make('frontierWait');
    this.#planning = this.#make('planningTime');
    this.#received = SeqColumn.of((set) =>
      fold.eachFirstRun((dag, acceptedAtMs, wasReady) => set(dag, wasReady ? -acceptedAtMs : acceptedAtMs)),
    );
    this.#classOfToken = SeqColumn.of((set) => fold.eachHeldToken(set));
  }

  /** Measures a turn. */
  take({ entries, atMs, timings }: AcceptedTurn): void {
    const acceptedAtMs = Math.round(timings?.appendedAtMs ?? atMs);
    this.goOn();
    for (let i = 0; i < entries.length; i++) this.#entry(entries[i]!, entries, acceptedAtMs);
    if (timings !== undefined) this.#turn(timings);
    // Of a turn that another leader made, nobody here knows how long its leases took.
    if (this.#hasGranted) this.#granted.fill(0);
    this.#hasGranted = false;
  }

  /** Older windows end. */
  goOn(): void {
    const slice = this.#now();
    if (slice === this.#slice) return;
    this.#slice = slice;
    for (const key of SIGNAL_KEYS) for (const { values } of this.series(key)) values.turnTo(slice);
  }

  /** What was recorded of a signal in the last so many ms, and in what else there is of the slice in which they began. */
  recent(key: SignalKey, atLeastMs: number): Recent {
    this.goOn();
    const nowMs = this.clock.monotonicMs();
    const first = Math.floor((nowMs - atLeastMs) / SLICE_MS);
    const slices = this.#slice + 1 - first;
    return {
      windowMs: Math.max(1, Math.round(nowMs - Math.max(this.#startedAtMs, first * SLICE_MS))),
      series: this.series(key).map(({ labels, values }) => ({ labels, ...values.window(slices) })),
    };
  }

  /** The series of a signal, with their labels. */
  series(key: SignalKey): readonly Series[] {
    switch (key) {
      case 'endToEnd':
        return [...this.#outcomes].map(([outcome, values]) => ({ labels: { outcome }, values }));
      case 'frontierWait':
        return [{ labels: {}, values: this.#frontierWait }];
      case 'planningTime':
        return [{ labels: {}, values: this.#planning }];
      case 'leaseTime':
        return this.#labelled(this.#leases);
      case 'slotWait':
        return this.#labelled(this.#waits);
      case 'slotOccupancy':
        return this.#labelled(this.#occupancy);
      default:
        return this.#labelled(this.#releases);
    }
  }

  /** The slice of this moment. */
  #now(): number {
    return Math.floor(this.clock.monotonicMs() / SLICE_MS);
  }

  #entry(entry: AnyEntry, entries: readonly AnyEntry[], acceptedAtMs: number): void {
    switch (entry.code) {
      case Code.SlotReserved:
      case Code.SlotReportedHeld:
        return this.#classOfToken.set(entry.body.token, this.#numberOf(this.fold.classOfExecutor(entry.body.executor)));
      case Code.JobDispatched:
        return this.#dispatched(entry.body.token, entry.body.dag, entry.body.job);
      case Code.SlotReleased:
        return this.#slotReleased(entry, entries, acceptedAtMs);
      case Code.JobReadied:
        return this.#readied(entry.body.dag, acceptedAtMs);
      case Code.DagAccepted:
        return this.#received.set(entry.body.dag, receivedAtMs(entry, entries) ?? acceptedAtMs);
      case Code.DagSucceeded:
      case Code.DagFailed:
      case Code.DagCancelled:
        return this.#ended(entry.body.dag, OUTCOMES[entry.code], acceptedAtMs);
      case Code.SlotWithdrawn:
        return this.#classOfToken.set(entry.body.token, 0);
      default:
        return undefined;
    }
  }

  #readied(dag: number, acceptedAtMs: number): void {
    const received = this.#received.get(dag);
    if (received <= 0) return;
    this.#received.set(dag, -received);
    this.#frontierWait.record(acceptedAtMs - received);
  }

  #dispatched(token: number, dag: number, job: number): void {
    const classSeq = this.#classOfToken.get(token);
    this.#granted[classSeq]! += 1;
    this.#hasGranted = true;
    const waitMs = this.fold.waitMs(dag, job);
    if (waitMs >= 0) this.#of(this.#waits, classSeq, 'slotWait').record(waitMs);
  }

  #slotReleased(entry: EntryOf<typeof Code.SlotReleased>, entries: readonly AnyEntry[], acceptedAtMs: number): void {
    const { token, occupancyMs } = entry.body;
    const classSeq = this.#classOfToken.get(token);
    this.#classOfToken.set(token, 0);
    this.#of(this.#occupancy, classSeq, 'slotOccupancy').record(occupancyMs);
    const received = receivedAtMs(entry, entries);
    if (received !== null) this.#of(this.#releases, classSeq, 'callbackToRelease').record(acceptedAtMs - received);
  }

  #ended(dag: number, outcome: string, acceptedAtMs: number): void {
    const received = Math.abs(this.#received.get(dag));
    if (received === 0) return;
    this.#received.set(dag, 0);
    madeOnce(this.#outcomes, outcome, () => this.#make('endToEnd')).record(acceptedAtMs - received);
  }

  #turn({ plannedAtMs, appendedAtMs, planMs }: TurnTimings): void {
    this.#planning.recordMany(planMs * SIGNALS.planningTime.perMs, 1);
    if (!this.#hasGranted) return;
    const value = (appendedAtMs - plannedAtMs) * SIGNALS.leaseTime.perMs;
    this.#granted.forEach((count, classSeq) => {
      if (count > 0) this.#of(this.#leases, classSeq, 'leaseTime').recordMany(value, count);
    });
  }

  #of(list: ByClass, classSeq: number, key: SignalKey): Distribution {
    const known = list[classSeq];
    if (known !== undefined) return known;
    const made = this.#make(key);
    list[classSeq] = made;
    return made;
  }

  #make(key: SignalKey): Distribution {
    const info: SignalInfo = SIGNALS[key];
    return new Distribution(info.perMs, this.#slice);
  }

  /** The number under which a class is counted: 0 for those that share. */
  #numberOf(classSeq: number): number {
    return classSeq <= CLASSES ? classSeq : 0;
  }

  #labelled(list: ByClass): readonly Series[] {
    const found: Series[] = [];
    list.forEach((values, classSeq) => {
      const name = classSeq === 0 ? null : this.fold.className(classSeq);
      const labels = { group: name?.group ?? 'other', class: name?.executorClass ?? 'other' };
      if (values !== undefined) found.push({ labels, values });
    });
    return found;
  }
}

/** When the input was received that caused an event, null where none did. */
function receivedAtMs({ cause }: EventEntry, entries: readonly AnyEntry[]): number | null {
  const input = cause < 0 ? undefined : entries[cause];
  return input !== undefined && 'envelope' in input ? input.envelope.receivedAtMs : null;
}
