/**
 * Between which turns each DAG of a history was open: with it, and with a snapshot before, a question about one DAG reads
 * those turns only. It is made by a pass over the turns that folds nothing, and kept beside the journal. What stands in
 * it can be found again in the journal, so it is a hint: one that is missing, damaged or of another history is made anew,
 * one that ends before the journal does is carried on, and none is believed before that.
 */

import { bodyDigest } from '../../src/catalogue/digest.js';
import { Code } from '../../src/catalogue/generated/codes.js';
import type { TurnRecord } from '../../src/catalogue/generated/types.js';
import { madeOnce } from '../../src/catalogue/made-once.js';
import { sameBytes } from '../../src/journal/rule.js';
import { type FoldProgress, Progress } from '../fold.js';
import type { History } from '../history.js';

/** The turns from the acceptance of a DAG to its end. */
export interface DagTurns {
  readonly first: number;
  /** Null while it is open. */
  readonly last: number | null;
  /** The turn in which it was reopened last; null if it never was. */
  readonly reopened: number | null;
}

/** What an index stands for: all turns up to this one, whose record has this hash. */
export interface IndexedUpTo {
  readonly turn: number;
  readonly hash: Uint8Array;
}

/** Numbers of a DAG: its sequence number, its first and last turn, and that of its last reopening; 0 for none. */
const NUMBERS = 4;
const NUMBER_BYTES = 8;
const KEY_BYTES = 8;
export const ROW_BYTES = KEY_BYTES + NUMBERS * NUMBER_BYTES;

interface Row {
  readonly key: string;
  readonly dag: number;
  readonly first: number;
  last: number;
  reopened: number;
}

export class DagIndex {
  /** The rows as they were kept, until one is added or changed: who only asks needs no objects of them. */
  #kept: Buffer | null = null;
  readonly #byKey = new Map<string, Row[]>();
  readonly #byDag = new Map<number, Row>();
  #upTo: IndexedUpTo = { turn: 0, hash: new Uint8Array(32) };

  get upTo(): IndexedUpTo {
    return this.#upTo;
  }

  get dags(): number {
    return this.#kept === null ? this.#byDag.size : this.#kept.length / ROW_BYTES;
  }

  /**
   * Takes the turns of a history that it doesn't have yet, if the history has the very turn that it stands for: then
   * everything before that is the same, too. Gives whether it has. Throws as reading does.
   */
  async carryOn(history: History, tell?: (done: FoldProgress) => void): Promise<boolean> {
    const { turn, hash: expected } = this.#upTo;
    let isSame = turn === 0;
    const progress = new Progress(tell);
    // One reading for both: each would look for its beginning in the last segment.
    for await (const { record, hash } of history.read(Math.max(history.firstTurn, turn))) {
      if (!isSame) {
        if (record.turn !== turn || !sameBytes(hash, expected)) return false;
        isSame = true;
        continue;
      }
      this.#take(record);
      progress.add(record);
      this.#upTo = { turn: record.turn, hash };
    }
    return isSame;
  }

  /**
   * Where DAGs of this id may be, in the order of their acceptance: an id may be used again, and two ids may have the same
   * key.
   */
  find(tenant: string, dag: string): readonly DagTurns[] {
    const key = keyOf(tenant, dag);
    const rows = this.#kept === null ? (this.#byKey.get(key) ?? []) : rowsOfKey(this.#kept, key);
    return rows.map(({ first, last, reopened }) => ({ first, last: last || null, reopened: reopened || null }));
  }

  /** All rows, one after the other. */
  encode(): Buffer {
    if (this.#kept !== null) return this.#kept;
    const bytes = Buffer.alloc(this.#byDag.size * ROW_BYTES);
    let at = 0;
    for (const { key, dag, first, last, reopened } of this.#byDag.values()) {
      bytes.write(key, at, 'latin1');
      at += KEY_BYTES;
      for (const number of [dag, first, last, reopened]) at = bytes.writeDoubleLE(number, at);
    }
    return bytes;
  }

  /** What `encode` gave. */
  static decode(upTo: IndexedUpTo, rows: Uint8Array): DagIndex {
    const index = new DagIndex();
    index.#kept = Buffer.from(rows.buffer, rows.byteOffset, rows.byteLength);
    index.#upTo = upTo;
    return index;
  }

  #unpack(): void {
    const kept = this.#kept;
    this.#kept = null;
    for (let at = 0; kept !== null && at < kept.length; at += ROW_BYTES) this.#add(rowAt(kept, at));
  }

  #add(row: Row): void {
    this.#byDag.set(row.dag, row);
    madeOnce(this.#byKey, row.key, () => []).push(row);
  }

  #take({ turn, entries }: TurnRecord): void {
    this.#unpack();
    for (const entry of entries) {
      switch (entry.code) {
        case Code.DagAccepted: {
          const input = entries[entry.cause];
          if (input?.code !== Code.SubmitDag) break;
          const key = keyOf(input.body.tenant, input.body.dagId);
          this.#add({ key, dag: entry.body.dag, first: turn, last: 0, reopened: 0 });
          break;
        }
        case Code.DagReopened:
          this.#change(entry.body.dag, { last: 0, reopened: turn });
          break;
        case Code.DagSucceeded:
        case Code.DagFailed:
        case Code.DagCancelled:
          this.#change(entry.body.dag, { last: turn });
          break;
        default:
      }
    }
  }

  #change(dag: number, change: Partial<Pick<Row, 'last' | 'reopened'>>): void {
    const row = this.#byDag.get(dag);
    if (row !== undefined) Object.assign(row, change);
  }
}

/** Eight bytes of a digest, as a string of one code unit a byte. */
function keyOf(tenant: string, dag: string): string {
  return bodyDigest(Buffer.from(`${tenant}\0${dag}`)).toString('latin1', 0, KEY_BYTES);
}

function rowAt(rows: Buffer, at: number): Row {
  const number = (n: number): number => rows.readDoubleLE(at + KEY_BYTES + n * NUMBER_BYTES);
  const key = rows.toString('latin1', at, at + KEY_BYTES);
  return { key, dag: number(0), first: number(1), last: number(2), reopened: number(3) };
}

function rowsOfKey(rows: Buffer, key: string): Row[] {
  const wanted = Buffer.from(key, 'latin1');
  const found: Row[] = [];
  for (let at = rows.indexOf(wanted); at >= 0; at = rows.indexOf(wanted, at + 1)) {
    if (at % ROW_BYTES === 0) found.push(rowAt(rows, at));
  }
  return found;
}
