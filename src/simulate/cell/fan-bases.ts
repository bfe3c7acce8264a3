import type { JobsFannedOut } from '../../catalogue/generated/types.js';
import { KeyIndex } from '../../kernel/structures/key-index.js';

/**
 * Where the children of fan-outs begin. A later run of a DAG may make more of them than there was room for: then they
 * begin elsewhere, and their attempts are counted from 1 once more. Each such place is a making, from 0.
 */
export class FanBases {
  /** The first base + 1 of each fan-out, by DAG and job. */
  readonly #first = new KeyIndex();
  /** Bases of later makings; hardly any fan-out has them. */
  readonly #later = new Map<string, number[]>();

  take({ dag, job, base }: Pick<JobsFannedOut, 'dag' | 'job' | 'base'>): void {
    const first = this.#first.get(dag, job);
    if (first === 0) this.#first.add(dag, job, base + 1);
    if (first === 0 || first === base + 1) return;
    const key = `${dag} ${job}`;
    const later = this.#later.get(key) ?? [];
    if (!later.includes(base)) this.#later.set(key, [...later, base]);
  }

  /** The making of which the children begin at a base. */
  makingOf(dag: number, job: number, base: number): number {
    if (this.#first.get(dag, job) === base + 1) return 0;
    return 1 + (this.#later.get(`${dag} ${job}`)?.indexOf(base) ?? -1);
  }

  /** Where the children of a making begin; null where there was none. */
  baseOf(dag: number, job: number, making: number): number | null {
    if (making > 0) return this.#later.get(`${dag} ${job}`)?.[making - 1] ?? null;
    const first = this.#first.get(dag, job);
    return first === 0 ? null : first - 1;
  }
}
