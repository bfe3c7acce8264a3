/** What readers are told of a turn: written once for all that want the same, however many there are. */
import type { AnyEntry } from '../../catalogue/generated/types.js';
import { entryId, toJson } from '../../catalogue/json.js';
import { quote } from '../../edge/dispatch-lines.js';
import { dagOf, type Filter, wants } from '../../edge/lifecycle/filter.js';
import type { NameCache } from '../../edge/lifecycle/names.js';

/** A turn as it was accepted. */
export interface FedTurn {
  readonly turn: number;
  readonly atMs: number;
  readonly entries: readonly AnyEntry[];
}

/** The events of one turn, and the texts that readers get of it. */
export class TurnTexts {
  readonly #events: (string | undefined)[] = [];
  readonly #texts = new Map<string, Buffer>();
  #byDag: Map<number, number[]> | null = null;
  /** Whether the names of all DAGs in it were known from the beginning. */
  readonly isNamed: boolean;

  constructor(
    readonly turn: FedTurn,
    private readonly cell: string,
    private readonly names: NameCache,
  ) {
    this.isNamed = turn.entries.every((entry) => {
      const dag = dagOf(entry);
      return dag === null || names.get(dag) !== null;
    });
  }

  /**
   * What a reader with this filter is told, empty where that is nothing. Readers that wait in a turn for others share it;
   * nobody changes it.
   */
  of(filter: Filter): Buffer {
    const key = keyOf(filter);
    let text = this.#texts.get(key);
    if (text === undefined) {
      text = this.after(filter, -1);
      this.#texts.set(key, text);
    }
    return text;
  }

  /** The same, of the entries after this one. */
  after(filter: Filter, index: number): Buffer {
    let text = '';
    for (const at of this.#about(filter.dag)) {
      const entry = this.turn.entries[at] as AnyEntry;
      const dag = dagOf(entry);
      if (at > index && wants(filter, entry, dag, this.names.get(dag))) text += this.#event(entry, at);
    }
    return Buffer.from(text);
  }

  /** Indexes of the entries that name this DAG; of all where it is null. */
  #about(dag: number | null): Iterable<number> {
    const { entries } = this.turn;
    if (dag === null) return entries.keys();
    this.#byDag ??= byDagOf(entries);
    return this.#byDag.get(dag) ?? [];
  }

  #event(entry: AnyEntry, index: number): string {
    const known = this.#events[index];
    if (known !== undefined) return known;
    const place = { cell: this.cell, turn: this.turn.turn, index, at: this.turn.atMs };
    const json = toJson(entry, place);
    const name = this.names.get(dagOf(entry));
    const named = name === null ? '' : `,"tenant":${quote(name.tenant)},"dagId":${quote(name.dagId)}`;
    const event = `id: ${entryId(place)}\ndata: ${json.slice(0, -1)}${named}}\n\n`;
    this.#events[index] = event;
    return event;
  }
}

function byDagOf(entries: readonly AnyEntry[]): Map<number, number[]> {
  const found = new Map<number, number[]>();
  for (const [index, entry] of entries.entries()) {
    const dag = dagOf(entry);
    if (dag === null) continue;
    const others = found.get(dag);
    if (others === undefined) found.set(dag, [index]);
    else others.push(index);
  }
  return found;
}

function keyOf({ dag, tenant, topics }: Filter): string {
  return JSON.stringify([dag, tenant, [...topics].sort()]);
}
