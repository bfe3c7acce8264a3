import { KeyIndex } from './key-index.js';

const FIRST_CAPACITY = 64;

/**
 * Finds a row's handle where the key is a sequence number. Rows that are live at the same time mostly have numbers that
 * are close to each other, so the number's low bits are the place of its handle, and what was made one after the other
 * lies side by side; the row itself says whether it is the one. A number whose place another one has is found by `others`.
 * An index of rows and nothing else; its order decides nothing.
 */
export class SequenceIndex {
  /** Handles, 0 for none; as many as a power of two. */
  private handles = new Int32Array(FIRST_CAPACITY);
  private mask = FIRST_CAPACITY - 1;
  /** How many there are. */
  private placed = 0;
  private readonly others = new KeyIndex();
  /**
   * The number that was found or added last, and its handle; 0 for none.
   * The events of a job ask for the same rows again and again.
   */
  private lastSeq = 0;
  private lastHandle = 0;

  /** `rows`: where the keys of the rows are, by their handles. */
  constructor(private readonly rows: { readonly keyA: Float64Array }) {}

  /** The handle of the row with this number, 0 when there is none. */
  get(seq: number): number {
    if (seq === this.lastSeq) return this.lastHandle;
    const handle = this.handles[seq & this.mask]!;
    if (this.rows.keyA[handle] !== seq) return this.others.get(seq, 0);
    this.found(seq, handle);
    return handle;
  }

  private found(seq: number, handle: number): void {
    this.lastSeq = seq;
    this.lastHandle = handle;
  }

  /** Adds a number that is not there yet; the row has it already. */
  add(seq: number, _keyB: number, handle: number): void {
    this.found(seq, handle);
    const isTaken = this.handles[seq & this.mask] !== 0;
    if (isTaken && (this.placed + this.others.size) * 2 >= this.handles.length) this.grow();
    if (this.handles[seq & this.mask] !== 0) return this.others.add(seq, 0, handle);
    this.handles[seq & this.mask] = handle;
    this.placed += 1;
  }

  /** Takes a number out; its row still has it. */
  delete(seq: number): void {
    if (seq === this.lastSeq) this.found(0, 0);
    const place = seq & this.mask;
    if (this.rows.keyA[this.handles[place]!] !== seq) return this.others.delete(seq, 0);
    this.handles[place] = 0;
    this.placed -= 1;
  }

  /** Numbers that had places of their own have so among twice as many. */
  private grow(): void {
    const { handles } = this;
    const { keyA } = this.rows;
    this.handles = new Int32Array(handles.length * 2);
    this.mask = this.handles.length - 1;
    for (const handle of handles) if (handle !== 0) this.handles[keyA[handle]! & this.mask] = handle;
  }
}
