/**
 * The line of continuations: cursors by sequence number, the lowest first. Numbers only rise, so new ones join at the
 * end; what was taken from the front and must wait goes back to the front. All in O(1), in a ring that doubles.
 */
export class CursorLine {
  private ring = new Float64Array(64);
  private head = 0;
  private size = 0;

  get length(): number {
    return this.size;
  }

  /** The i-th from the front. */
  at(i: number): number {
    return this.ring[(this.head + i) & (this.ring.length - 1)]!;
  }

  /** Joins the end. */
  push(seq: number): void {
    if (this.size === this.ring.length) this.grow();
    this.ring[(this.head + this.size) & (this.ring.length - 1)] = seq;
    this.size += 1;
  }

  /** Takes the first; there must be one. */
  shift(): number {
    if (this.size === 0) throw new Error('assertion failed: an empty line of cursors');
    const seq = this.ring[this.head]!;
    this.head = (this.head + 1) & (this.ring.length - 1);
    this.size -= 1;
    return seq;
  }

  /** Goes back to the front. */
  unshift(seq: number): void {
    if (this.size === this.ring.length) this.grow();
    this.head = (this.head + this.ring.length - 1) & (this.ring.length - 1);
    this.ring[this.head] = seq;
    this.size += 1;
  }

  /** Takes one out, wherever it stands: in O(1) at the front, where all but those that wait are. */
  take(seq: number): void {
    let place = 0;
    while (place < this.size && this.at(place) !== seq) place += 1;
    if (place === this.size) return;
    for (; place > 0; place--) this.ring[(this.head + place) & (this.ring.length - 1)] = this.at(place - 1);
    this.shift();
  }

  clear(): void {
    this.head = 0;
    this.size = 0;
  }

  private grow(): void {
    const next = new Float64Array(this.ring.length * 2);
    for (let i = 0; i < this.size; i++) next[i] = this.at(i);
    this.ring = next;
    this.head = 0;
  }
}
