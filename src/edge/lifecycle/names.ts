/** Names of DAGs for lifecycle entries, which know them by sequence number. */
import { Code } from '../../catalogue/generated/codes.js';
import type { AnyEntry } from '../../catalogue/generated/types.js';
import { Recent } from '../../catalogue/recent.js';
import type { DagName, DagNames } from '../ports.js';
import { dagOf } from './filter.js';

/** So many names are kept at least, more than one turn is about; those that were used longest ago go first. */
const KEPT = 65_536;

/** A DAG that the state has forgotten, and one that was not found anywhere else either. */
type Unnamed = 'forgotten' | 'nowhere';

/** Names of the DAGs that were asked for lately. */
export class NameCache {
  readonly #known = new Recent<number, DagName | Unnamed>(KEPT);
  /** The highest number that is known to be accepted: one above it that has no name may be given to a DAG yet. */
  #accepted = 0;

  constructor(private readonly names: DagNames) {}

  /** Learns the names of all DAGs that a turn is about; `get` knows those afterwards that are not forgotten. */
  async learn(entries: readonly AnyEntry[]): Promise<void> {
    const unknown = new Set<number>();
    for (const entry of entries) {
      const accepted = nameIn(entry, entries);
      if (accepted !== null) this.#keep(accepted.dag, accepted.name);
      const dag = dagOf(entry);
      if (dag !== null && !this.#isSettled(dag)) unknown.add(dag);
    }
    if (unknown.size === 0) return;
    const asked = [...unknown];
    const found = await Promise.all(asked.map((dag) => this.names.nameOf(dag)));
    asked.forEach((dag, index) => {
      this.#keep(dag, found[index] ?? 'forgotten');
    });
  }

  /** Whether nobody has looked yet for the name of a forgotten DAG, or what is known of a DAG was let go for others. */
  isUnknown(dag: number): boolean {
    const known = this.#known.get(dag);
    return known === undefined || known === 'forgotten';
  }

  /** Takes what was found of forgotten DAGs that were looked for, and of others beside them. */
  found(asked: readonly number[], names: ReadonlyMap<number, DagName>): void {
    for (const [dag, name] of names) this.#keep(dag, name);
    // Last, so that they are there however many there are beside them.
    for (const dag of asked) this.#keep(dag, names.get(dag) ?? 'nowhere');
  }

  /** The name of a DAG, null where it is not known. */
  get(dag: number | null): DagName | null {
    const known = dag === null ? undefined : this.#known.get(dag);
    return known === undefined || typeof known === 'string' ? null : known;
  }

  /** Whether what is known of a DAG stays so. Numbers are given in order, and the one in a callback is its sender's. */
  #isSettled(dag: number): boolean {
    const known = this.#known.get(dag);
    return known !== undefined && (typeof known !== 'string' || dag <= this.#accepted);
  }

  #keep(dag: number, name: DagName | Unnamed): void {
    if (typeof name !== 'string') this.#accepted = Math.max(this.#accepted, dag);
    this.#known.set(dag, name);
  }
}

/** The DAG that an entry accepts, with the name that stands in its turn: in the submission that made it. */
export function nameIn(
  entry: AnyEntry,
  entries: readonly AnyEntry[],
): { readonly dag: number; readonly name: DagName } | null {
  if (entry.code !== Code.DagAccepted) return null;
  const input = entries[entry.cause];
  if (input?.code !== Code.SubmitDag) return null;
  return { dag: entry.body.dag, name: { tenant: input.body.tenant, dagId: input.body.dagId } };
}
