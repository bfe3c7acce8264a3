/** SLA pressure: how many open DAGs are at risk, or past a deadline, by class and priority. */
import type { PressureView } from '../answers/types.js';
import { DagState } from '../catalogue/generated/codes.js';
import { DeadlineFlag } from '../kernel/flags.js';
import type { State } from '../kernel/state.js';
import type { LoopTimers } from './ports.js';
import { Work } from './search/work.js';

/** Priorities are cut off at this distance from 0: no crowd of priorities makes a crowd of series. */
const PRIORITIES = 10;
/** Shapes of flows. */
const SHAPES = 4;
/** Rows that are looked at in one piece. */
const PIECE = 8_192;

interface Count {
  open: number;
  atRisk: number;
  overdue: number;
}

/** Counts by (class, priority); class 0 is the whole cell. */
class Counts {
  readonly #counts = new Map<number, Count>();

  add({ dags }: State, dag: number, classSeq: number): void {
    const priority = Math.max(-PRIORITIES, Math.min(PRIORITIES, dags.c.priority[dag]!));
    const key = classSeq * 64 + priority + PRIORITIES;
    let count = this.#counts.get(key);
    if (count === undefined) {
      count = { open: 0, atRisk: 0, overdue: 0 };
      this.#counts.set(key, count);
    }
    const flags = dags.c.deadlineFlags[dag]!;
    count.open += 1;
    if ((flags & (DeadlineFlag.missed | DeadlineFlag.hardPassed)) !== 0) count.overdue += 1;
    else if ((flags & DeadlineFlag.atRisk) !== 0) count.atRisk += 1;
  }

  views({ classes }: State): readonly PressureView[] {
    const keys = [...this.#counts.keys()].sort((a, b) => a - b);
    return keys.map((key) => {
      const classSeq = Math.floor(key / 64);
      const row = classSeq === 0 ? 0 : classes.find(classSeq);
      return {
        group: row === 0 ? null : classes.c.group[row]!,
        executorClass: row === 0 ? null : classes.c.name[row]!,
        priority: (key % 64) - PRIORITIES,
        ...this.#counts.get(key)!,
      };
    });
  }
}

/** Walks over all open DAGs, flows and leases, in pieces. */
export async function pressureOf(state: State, timers: Pick<LoopTimers, 'pause'>): Promise<readonly PressureView[]> {
  const { dags, flows, leases } = state;
  const counts = new Counts();
  const work = new Work(timers, PIECE, Number.POSITIVE_INFINITY);
  const isOpen = (dag: number): boolean => dag !== 0 && dags.c.state[dag]! <= DagState.ending;
  const walk = async (high: () => number, look: (row: number) => void): Promise<void> => {
    for (let row = 1; row < high(); row++) {
      look(row);
      work.spend(1);
      if (row % PIECE === 0) await work.rest();
    }
  };
  await walk(
    () => dags.table.high,
    (row) => {
      if (dags.table.isLive(row) && isOpen(row) && dags.c.state[row] !== 0) counts.add(state, row, 0);
    },
  );
  await walk(
    () => flows.table.high,
    (row) => {
      const dag = flows.table.isLive(row) && flows.c.ready[row] !== 0 ? dags.find(flows.keyA[row]!) : 0;
      if (isOpen(dag) && isFirstShape(state, row)) counts.add(state, dag, Math.floor(flows.keyB[row]! / SHAPES));
    },
  );
  const seen = new Set<string>();
  await walk(
    () => leases.table.high,
    (row) => {
      if (leases.table.isLive(row) && leases.c.state[row] !== 0) addLease(state, row, counts, seen);
    },
  );
  return counts.views(state);
}

/** Of the flows of a DAG in a class the first one counts. */
function isFirstShape({ flows }: State, row: number): boolean {
  const list = flows.keyB[row]!;
  for (let other = list - (list % SHAPES); other < list; other++) {
    const flow = flows.find(flows.keyA[row]!, other);
    if (flow !== 0 && flows.c.ready[flow] !== 0) return false;
  }
  return true;
}

/** A DAG with work under way in a class where it has none that is ready. */
function addLease(state: State, row: number, counts: Counts, seen: Set<string>): void {
  const { dags, leases, executors, flows } = state;
  const seq = leases.c.dag[row]!;
  const dag = seq === 0 ? 0 : dags.find(seq);
  const executor = executors.find(leases.c.executor[row]!);
  if (dag === 0 || executor === 0 || dags.c.state[dag]! > DagState.ending) return;
  const classSeq = executors.c.class[executor]!;
  const key = `${seq}/${classSeq}`;
  if (seen.has(key)) return;
  seen.add(key);
  for (let shape = 0; shape < SHAPES; shape++) {
    const flow = flows.find(seq, classSeq * SHAPES + shape);
    if (flow !== 0 && flows.c.ready[flow] !== 0) return;
  }
  counts.add(state, dag, classSeq);
}
