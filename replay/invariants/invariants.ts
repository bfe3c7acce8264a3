import { Code } from '../../src/catalogue/generated/codes.js';
import type { EventEntry, TurnRecord } from '../../src/catalogue/generated/types.js';
import { flowKey } from '../../src/kernel/rows/keys.js';
import type { State } from '../../src/kernel/rows/state.js';
import { type DAG, TableId } from '../../src/kernel/rows/tables.js';
import type { Changes } from '../../src/kernel/rows/turn-log.js';
import { Counting } from './counting.js';
import { type Count, countsOf } from './counts.js';
import { EventRules } from './event-rules.js';
import { checkRows } from './row-rules.js';
import { Touched } from './touched.js';
import { Upstreams } from './upstreams.js';
import { type Violation, Violations } from './violation.js';

/** Fields of a DAG that say whether its flows compete, and where. */
const COMPETES_BY: ReadonlySet<string> = new Set(['state', 'paused', 'priority'] satisfies (keyof typeof DAG)[]);

/**
 * The invariants of faults.md, turn by turn: before each event what it may do, and after the turn what the rows that it
 * has changed say of each other. What did not change was right before, so a turn costs as much as it changes. I1 and I2
 * are the reader's rule, I3 is the state hash: whoever reads and folds a journal has them already.
 */
export class Invariants {
  readonly #found = new Violations();
  readonly #events: EventRules;
  readonly #countings: readonly Counting[];
  readonly #moving: Counting;
  readonly #flows: Counting;
  readonly #children: Counting;
  readonly #leases: Counting;
  readonly #upstreams: Upstreams;
  readonly #touched: Touched;
  /** DAGs that the turn has given a priority. */
  readonly #reprioritized: number[] = [];

  constructor(private readonly state: State) {
    const { all, own } = countsOf(state);
    this.#events = new EventRules(state, this.#found);
    this.#countings = all.map((count) => new Counting(count));
    const of = (wanted: Count): Counting => this.#countings.find(({ count }) => count === wanted)!;
    this.#moving = of(own.moving);
    this.#flows = of(own.flows);
    this.#children = of(own.children);
    this.#leases = of(own.leases);
    this.#upstreams = new Upstreams(state);
    this.#touched = new Touched(state);
  }

  /** What was found to be broken. */
  get violations(): readonly Violation[] {
    return this.#found.list;
  }

  /** A turn is about to be folded. */
  begin(record: TurnRecord): void {
    this.#events.begin(record);
  }

  /** An event of it is about to be applied. */
  readonly event = (entry: EventEntry): void => {
    this.#events.event(entry);
    if (entry.code === Code.DagReprioritized) this.#reprioritized.push(entry.body.dag);
  };

  /** All of the turn is applied, and not accepted yet: rows that are gone can still be named. */
  readonly changed = (changes: Changes): void => {
    this.#events.end();
    this.#touched.clear();
    this.#touched.addChanges(changes);
    this.#addDependents(changes);
    // Their flows have left their tags and entered tags again, whatever priority they had before.
    for (const dag of this.#reprioritized.splice(0)) this.#addFlows(this.state.dags.find(dag));
    this.#check();
  };

  /** Everything that is in memory at once: for a state of which the beginning was not seen. */
  all(): void {
    this.#touched.clear();
    this.#touched.addAll(this.state);
    this.#check();
  }

  #check(): void {
    const touched = this.#touched;
    for (const counting of this.#countings) counting.take(touched);
    this.#upstreams.take(touched);
    for (const counting of this.#countings) counting.check(touched, this.#found);
    this.#upstreams.check(touched, this.#found);
    const sums = { moving: this.#moving, children: this.#children, leases: this.#leases };
    checkRows(this.state, touched, sums, this.#found);
  }

  /** Rows that count otherwise because another row has changed. */
  #addDependents(changes: Changes): void {
    const { dags, fans, jobs, space } = this.state;
    for (let i = 0; i < changes.size; i++) {
      const id = changes.table(i);
      if (id === TableId.dag) {
        if (COMPETES_BY.has(dags.table.names[changes.field(i)]!)) this.#addFlows(changes.handle(i));
      } else if (id === TableId.fan) {
        const row = changes.handle(i);
        const job = space.handle(dags.find(fans.keyA[row]!), fans.keyB[row]!);
        if (job !== 0) this.#touched.add(jobs.table.id, job);
      }
    }
  }

  /** Flows compete while their DAG is open and not paused, at its priority. */
  #addFlows(dag: number): void {
    if (this.#flows.sumOf(dag) === 0) return;
    const { dags, flows, cell, cellRow } = this.state;
    const seq = dags.keyA[dag]!;
    const end = flowKey(cell.c.nextClass[cellRow]! + 1, 0);
    for (let key = flowKey(1, 0); key < end; key++) {
      const flow = flows.find(seq, key);
      if (flow !== 0) this.#touched.add(flows.table.id, flow);
    }
  }
}
