/** SLA pressure: how many open DAGs are at risk, or past a deadline, by class and priority. */
import type { PressureView } from '../../answers/types.js';
import { DagState, Shape } from '../../catalogue/generated/codes.js';
import { DeadlineFlag } from '../../kernel/rows/flags.js';
import { classOfFlow, flowKey } from '../../kernel/rows/keys.js';
import type { State } from '../../kernel/rows/state.js';
import type { LoopTimers } from '../ports.js';
import { Work } from './search/work.js';

/** Priorities are cut off at this distance from 0: no crowd of priorities makes a crowd of series. */
const PRIORITIES = 10;
/** The flows that a DAG may have in a class. */
const SHAPES = Object.values(Shape);
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
      const seq = flows.keyA[row]!;
      const dag = flows.table.isLive(row) && flows.c.ready[row] !== 0 ? dags.find(seq) : 0;
      const classSeq = classOfFlow(flows.keyB[row]!);
      if (isOpen(dag) && readyFlow(state, seq, classSeq) === row) counts.add(state, dag, classSeq);
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

/** The first flow of a DAG in a class with jobs that are ready; 0 where there is none. */
function readyFlow({ flows }: State, dagSeq: number, classSeq: number): number {
  for (const shape of SHAPES) {
    const flow = flows.find(dagSeq, flowKey(classSeq, shape));
    if (flow !== 0 && flows.c.ready[flow] !== 0) return flow;
  }
  return 0;
}

/** A DAG with work under way in a class where it has none that is ready. */
function addLease(state: State, row: number, counts: Counts, seen: Set<string>): void {
  const { dags, leases, executors } = state;
  const seq = leases.c.dag[row]!;
  const dag = seq === 0 ? 0 : dags.find(seq);
  const executor = executors.find(leases.c.executor[row]!);
  if (dag === 0 || executor === 0 || dags.c.state[dag]! > DagState.ending) return;
  const classSeq = executors.c.class[executor]!;
  const key = `${seq}/${classSeq}`;
  if (seen.has(key)) return;
  seen.add(key);
  if (readyFlow(state, seq, classSeq) === 0) counts.add(state, dag, classSeq);
}
