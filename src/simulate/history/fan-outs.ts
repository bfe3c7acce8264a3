/** Which job of a submission a child of a fan-out comes from, as the events of turns tell of them. */
import type { JobsFannedOut } from '../../catalogue/generated/types.js';

/** A fan-out: index of its first child, how many there are, and its own index. */
interface FanOut {
  readonly base: number;
  readonly count: number;
  readonly job: number;
  readonly making: number;
}

/** A job by its place in the submission. */
export interface SpecPlace {
  readonly spec: number;
  /** Its place among the children of its fan-out; null: it is no child. */
  readonly child: number | null;
  /** Of a child: which making of its fan-out's children it is of (`FanBases`). */
  readonly making: number;
}

export class FanOuts {
  /** By the sequence number of their DAG. */
  readonly #byDag = new Map<number, readonly FanOut[]>();

  /** A fan-out that is fanned out again, as a retried DAG's is, stands for what it was. */
  fannedOut({ dag, from, base, count, job }: JobsFannedOut): void {
    // Children come in several events where there are many; the first one tells of all.
    if (from !== base) return;
    const known = this.#byDag.get(dag) ?? [];
    const before = known.find((one) => one.job === job);
    const making = before === undefined ? 0 : before.making + (before.base === base ? 0 : 1);
    this.#byDag.set(dag, [...known.filter((one) => one !== before), { base, count, job, making }]);
  }

  placeOf(dag: number, job: number): SpecPlace {
    const fanOut = this.#byDag.get(dag)?.find(({ base, count }) => job >= base && job < base + count);
    if (fanOut === undefined) return { spec: job, child: null, making: 0 };
    return { spec: fanOut.job, child: job - fanOut.base, making: fanOut.making };
  }

  forget(dag: number): void {
    this.#byDag.delete(dag);
  }
}
