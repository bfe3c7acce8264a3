const FIRST_CAPACITY = 64;

/** An entry has four words of 32 bits: keyA as a double in the first two, then keyB, then the handle. */
const SHIFT = 2;
const KEY_B = 2;
const HANDLE = 3;

/**
 * Finds a row's handle by its key: open addressing with linear probing over typed arrays, no strings, no objects. All of
 * an entry lies in one place of memory, so that a look-up among millions waits for memory once.
 * An index of rows and nothing else; its order decides nothing.
 */
export class KeyIndex {
  private words = new Int32Array(FIRST_CAPACITY << SHIFT);
  /** The same memory as doubles: keyA of entry i is the double 2 i. */
  private doubles = new Float64Array(this.words.buffer);
  private mask = FIRST_CAPACITY - 1;
  /** The entry that was found last: the events of one job ask for the same rows again and again. */
  private last = 0;
  size = 0;

  /** The handle of the row with this key, 0 when there is none. */
  get(keyA: number, keyB: number): number {
    const { words, last } = this;
    const handle = words[(last << SHIFT) | HANDLE]!;
    if (handle !== 0 && this.doubles[last << 1] === keyA && words[(last << SHIFT) | KEY_B] === (keyB | 0))
      return handle;
    this.last = this.look(keyA, keyB);
    return words[(this.last << SHIFT) | HANDLE]!;
  }

  /** The entry with this key, or the empty one at which the search for it ends. */
  private look(keyA: number, keyB: number): number {
    const { words, doubles, mask } = this;
    const b = keyB | 0;
    let at = slotOf(keyA, b) & mask;
    while (words[(at << SHIFT) | HANDLE] !== 0 && !(doubles[at << 1] === keyA && words[(at << SHIFT) | KEY_B] === b)) {
      at = (at + 1) & mask;
    }
    return at;
  }

  /** Adds a key that is not there yet. */
  add(keyA: number, keyB: number, handle: number): void {
    if ((this.size + 1) * 4 > (this.mask + 1) * 3) this.resize((this.mask + 1) * 2);
    this.put(this.look(keyA, keyB), keyA, keyB, handle);
    this.size += 1;
  }

  /** Takes a key out; the probe sequence behind it is closed up, so that no tombstones pile up. */
  delete(keyA: number, keyB: number): void {
    const { words, doubles, mask } = this;
    let at = this.look(keyA, keyB);
    if (words[(at << SHIFT) | HANDLE] === 0) return;
    this.size -= 1;
    let hole = at;
    for (;;) {
      at = (at + 1) & mask;
      const handle = words[(at << SHIFT) | HANDLE]!;
      if (handle === 0) break;
      const a = doubles[at << 1]!;
      const b = words[(at << SHIFT) | KEY_B]!;
      const home = slotOf(a, b) & mask;
      if (((at - home) & mask) < ((at - hole) & mask)) continue;
      this.put(hole, a, b, handle);
      hole = at;
    }
    words[(hole << SHIFT) | HANDLE] = 0;
  }

  private put(at: number, keyA: number, keyB: number, handle: number): void {
    this.doubles[at << 1] = keyA;
    this.words[(at << SHIFT) | KEY_B] = keyB;
    this.words[(at << SHIFT) | HANDLE] = handle;
  }

  private resize(capacity: number): void {
    const { words, doubles, mask } = this;
    this.words = new Int32Array(capacity << SHIFT);
    this.doubles = new Float64Array(this.words.buffer);
    this.mask = capacity - 1;
    this.last = 0;
    for (let at = 0; at <= mask; at++) {
      const handle = words[(at << SHIFT) | HANDLE]!;
      if (handle === 0) continue;
      const keyA = doubles[at << 1]!;
      const keyB = words[(at << SHIFT) | KEY_B]!;
      this.put(this.look(keyA, keyB), keyA, keyB, handle);
    }
  }
}

const TWO_32 = 0x1_0000_0000;

function slotOf(keyA: number, keyB: number): number {
  const high = (keyA / TWO_32) | 0;
  let h = Math.imul(keyA ^ Math.imul(high + 0x9e37, 0x85eb_ca6b), 0x9e37_79b1) ^ Math.imul(keyB, 0xc2b2_ae35);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b_3c6d);
  return h ^ (h >>> 13);
}
