/**
 * Finds a row's handle by its key: open addressing with linear probing over typed arrays, no strings, no objects.
 * An index of rows and nothing else; its order decides nothing.
 */
export class KeyIndex {
  private keyA: Float64Array;
  private keyB: Uint32Array;
  private handles: Uint32Array;
  private mask: number;
  /** The last look-up: the events of one job ask for the same rows again and again. */
  private lastA = -1;
  private lastB = 0;
  private lastHandle = 0;
  size = 0;

  constructor(capacity = 64) {
    this.keyA = new Float64Array(capacity);
    this.keyB = new Uint32Array(capacity);
    this.handles = new Uint32Array(capacity);
    this.mask = capacity - 1;
  }

  /** The handle of the row with this key, 0 when there is none. */
  get(keyA: number, keyB: number): number {
    if (keyA === this.lastA && keyB === this.lastB) return this.lastHandle;
    const handle = this.look(keyA, keyB);
    this.lastA = keyA;
    this.lastB = keyB;
    this.lastHandle = handle;
    return handle;
  }

  private look(keyA: number, keyB: number): number {
    let at = slotOf(keyA, keyB) & this.mask;
    for (;;) {
      const handle = this.handles[at]!;
      if (handle === 0) return 0;
      if (this.keyA[at] === keyA && this.keyB[at] === keyB) return handle;
      at = (at + 1) & this.mask;
    }
  }

  /** Adds a key that is not there yet. */
  add(keyA: number, keyB: number, handle: number): void {
    if ((this.size + 1) * 4 > this.handles.length * 3) this.resize(this.handles.length * 2);
    this.place(keyA, keyB, handle);
    this.lastA = -1;
    this.size += 1;
  }

  /** Takes a key out; the probe sequence behind it is closed up, so that no tombstones pile up. */
  delete(keyA: number, keyB: number): void {
    let at = slotOf(keyA, keyB) & this.mask;
    while (this.handles[at] !== 0 && !(this.keyA[at] === keyA && this.keyB[at] === keyB)) at = (at + 1) & this.mask;
    if (this.handles[at] === 0) return;
    this.lastA = -1;
    this.size -= 1;
    let hole = at;
    for (;;) {
      at = (at + 1) & this.mask;
      if (this.handles[at] === 0) break;
      const home = slotOf(this.keyA[at]!, this.keyB[at]!) & this.mask;
      if (((at - home) & this.mask) < ((at - hole) & this.mask)) continue;
      this.keyA[hole] = this.keyA[at]!;
      this.keyB[hole] = this.keyB[at]!;
      this.handles[hole] = this.handles[at]!;
      hole = at;
    }
    this.handles[hole] = 0;
  }

  private place(keyA: number, keyB: number, handle: number): void {
    let at = slotOf(keyA, keyB) & this.mask;
    while (this.handles[at] !== 0) at = (at + 1) & this.mask;
    this.keyA[at] = keyA;
    this.keyB[at] = keyB;
    this.handles[at] = handle;
  }

  private resize(capacity: number): void {
    const { keyA, keyB, handles } = this;
    this.keyA = new Float64Array(capacity);
    this.keyB = new Uint32Array(capacity);
    this.handles = new Uint32Array(capacity);
    this.mask = capacity - 1;
    for (let i = 0; i < handles.length; i++) if (handles[i] !== 0) this.place(keyA[i]!, keyB[i]!, handles[i]!);
  }
}

const TWO_32 = 0x1_0000_0000;

function slotOf(keyA: number, keyB: number): number {
  const high = Math.floor(keyA / TWO_32);
  let h =
    Math.imul((keyA - high * TWO_32) ^ Math.imul(high + 0x9e37, 0x85eb_ca6b), 0x9e37_79b1) ^
    Math.imul(keyB, 0xc2b2_ae35);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b_3c6d);
  return (h ^ (h >>> 13)) >>> 0;
}
