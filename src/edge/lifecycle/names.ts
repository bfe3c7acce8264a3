/** Names of DAGs for lifecycle entries, which know them by sequence number. */
import { Code } from '../../catalogue/generated/codes.js';
import type { AnyEntry } from '../../catalogue/generated/types.js';
import type { DagName, DagNames } from '../ports.js';
import { dagOf } from './filter.js';

/** So many names are kept; the oldest go first. */
const KEPT = 100_000;

export class NameCache {
  readonly #names: DagNames;
  readonly #known = new Map<number, DagName | null>();

  constructor(names: DagNames) {
    this.#names = names;
  }

  /** Learns the names of all DAGs that a turn is about; `get` knows them afterwards. */
  async learn(entries: readonly AnyEntry[]): Promise<void> {
    const unknown = new Set<number>();
    for (const entry of entries) {
      const dag = dagOf(entry);
      if (dag === null || this.#known.has(dag)) continue;
      const name = nameIn(entry, entries);
      if (name === null) unknown.add(dag);
      else this.#keep(dag, name);
    }
    if (unknown.size === 0) return;
    const asked = [...unknown];
    const found = await Promise.all(asked.map((dag) => this.#names.nameOf(dag)));
    asked.forEach((dag, index) => {
      this.#keep(dag, found[index] ?? null);
    });
  }

  get(dag: number | null): DagName | null {
    return dag === null ? null : (this.#known.get(dag) ?? null);
  }

  #keep(dag: number, name: DagName | null): void {
    if (this.#known.size >= KEPT) {
      for (const oldest of this.#known.keys()) {
        this.#known.delete(oldest);
        break;
      }
    }
    this.#known.set(dag, name);
  }
}

/** The name that stands in the turn itself: in the submission that made the DAG. */
function nameIn(entry: AnyEntry, entries: readonly AnyEntry[]): DagName | null {
  if (entry.code !== Code.DagAccepted) return null;
  const input = entries[entry.cause];
  return input?.code === Code.SubmitDag ? { tenant: input.body.tenant, dagId: input.body.dagId } : null;
}
