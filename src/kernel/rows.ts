import { KeyIndex } from './key-index.js';
import { type Fields, Table, type TableShape } from './table.js';

/** Numbers of a table's fields by name. */
export type FieldNumbers<F extends Fields> = { readonly [K in keyof F]: number };

/** A table together with the numbers of its fields and the index of its keys. */
export class Rows<F extends Fields> extends Table<F> {
  readonly f: FieldNumbers<F>;
  readonly index: KeyIndex | null;

  constructor(id: number, name: string, fields: F, indexed: boolean, shape?: TableShape<F>) {
    super(id, name, fields, shape);
    this.f = Object.fromEntries(Object.keys(fields).map((field, i) => [field, i])) as FieldNumbers<F>;
    this.index = indexed ? new KeyIndex() : null;
  }

  /** The handle of the row with this key, 0 when there is none. */
  find(keyA: number, keyB = 0): number {
    return this.index!.get(keyA, keyB);
  }

  /** Takes a row out of memory that lives on in the store. */
  evict(handle: number): void {
    this.index!.delete(this.keyA[handle]!, this.keyB[handle]!);
    this.wipe(handle);
    this.vacate(handle, false);
    this.reuse(handle);
  }
}
