/** What readers are told of a turn: written once for all that want the same, however many there are. */

import type { AnyEntry } from '../../catalogue/generated/types.js';
import { entryId, toJson } from '../../catalogue/json.js';
import { madeOnce } from '../../catalogue/made-once.js';
import { quote } from '../../edge/dispatch-lines.js';
import { dagOf, type Filter, nameAsText, namedIn, wants } from '../../edge/lifecycle/filter.js';
import type { NameCache } from '../../edge/lifecycle/names.js';
import type { DagName } from '../../edge/ports.js';
import { markOf } from './position.js';

/**
 * What is kept of one turn's texts: as many bytes and a text more, and so many texts. Made-up tenants are as many as
 * somebody likes, and the last turns stay for as long as no others come.
 */
const KEPT_BYTES = 32 * 1024 * 1024;
const KEPT_TEXTS = 1_024;

/** A turn as it was accepted. */
export interface FedTurn {
  readonly turn: number;
  readonly hash: Uint8Array;
  readonly atMs: number;
  readonly entries: readonly AnyEntry[];
}

/** The events of one turn, and the texts that readers get of it. */
export class TurnTexts {
  readonly #events: (string | undefined)[] = [];
  readonly #texts = new Map<string, Buffer>();
  #keptBytes = 0;
  #byDag: Map<number | string, number[]> | null = null;
  /** Names as they were known from the beginning: the cache lets them go for others while readers get their texts. */
  readonly #named = new Map<number, DagName>();
  #looks = 0;
  /** Whether the names of all DAGs in it were known from the beginning. */
  readonly isNamed: boolean;

  constructor(
    readonly turn: FedTurn,
    private readonly cell: string,
    private readonly names: NameCache,
  ) {
    let isNamed = true;
    for (const entry of turn.entries) {
      const dag = dagOf(entry);
      if (dag === null || this.#named.has(dag)) continue;
      const name = names.get(dag);
      if (name === null) isNamed = false;
      else this.#named.set(dag, name);
    }
    this.isNamed = isNamed;
  }

  /** How often an entry was looked at for a text. */
  get looks(): number {
    return this.#looks;
  }

  /**
   * What a reader with this filter is told, empty where that is nothing. Readers that wait in a turn for others share it,
   * as long as there is room for it; nobody changes it.
   */
  of(filter: Filter): Buffer {
    const key = keyOf(filter);
    let text = this.#texts.get(key);
    if (text === undefined) {
      text = this.after(filter, -1);
      if (this.#texts.size >= KEPT_TEXTS || this.#keptBytes >= KEPT_BYTES) return text;
      this.#texts.set(key, text);
      this.#keptBytes += text.length;
    }
    return text;
  }

  /** The same, of the entries after this one. */
  after(filter: Filter, index: number): Buffer {
    let text = '';
    for (const at of this.#about(filter.dag)) {
      const entry = this.turn.entries[at] as AnyEntry;
      this.#looks++;
      const dag = dagOf(entry);
      if (at > index && wants(filter, entry, dag, this.#nameOf(dag))) text += this.#event(entry, at);
    }
    return Buffer.from(text);
  }

  #nameOf(dag: number | null): DagName | null {
    return dag === null ? null : (this.#named.get(dag) ?? this.names.get(dag));
  }

  /** Indexes of the entries that are about this DAG; of all where it is null. */
  #about(dag: Filter['dag']): Iterable<number> {
    const { entries } = this.turn;
    if (dag === null) return entries.keys();
    this.#byDag ??= byDagOf(entries);
    const [numbered = [], named = []] = [this.#byDag.get(dag.seq), this.#byDag.get(nameAsText(dag))];
    return [...numbered, ...named].sort((a, b) => a - b);
  }

  #event(entry: AnyEntry, index: number): string {
    const known = this.#events[index];
    if (known !== undefined) return known;
    const place = { cell: this.cell, turn: this.turn.turn, index, at: this.turn.atMs };
    const json = toJson(entry, place);
    const dag = dagOf(entry);
    const name = this.#nameOf(dag);
    const named = name === null ? '' : `,"tenant":${quote(name.tenant)},"dagId":${quote(name.dagId)}`;
    const event = `id: ${entryId(place)}:${markOf(this.turn.hash)}\ndata: ${json.slice(0, -1)}${named}}\n\n`;
    // A name that is not there now may be found before the next one asks.
    if (dag === null || name !== null) this.#events[index] = event;
    return event;
  }
}

/** Indexes of the entries by the number of the DAG that they are about, or by its name. */
function byDagOf(entries: readonly AnyEntry[]): Map<number | string, number[]> {
  const found = new Map<number | string, number[]>();
  for (const [index, entry] of entries.entries()) {
    const dag = dagOf(entry) ?? namedIn(entry);
    if (dag !== null) madeOnce(found, dag, () => []).push(index);
  }
  return found;
}

function keyOf({ dag, tenant, topics }: Filter): string {
  return JSON.stringify([dag, tenant, [...topics].sort()]);
}
