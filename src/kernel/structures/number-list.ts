import { grown } from './grow.js';

const FIRST_CAPACITY = 64;

/** Numbers below 2^32 in a line that is filled and emptied again and again: its room stays, where an array's does not. */
export class NumberList {
  private items = new Uint32Array(FIRST_CAPACITY);
  length = 0;

  push(item: number): void {
    if (this.length === this.items.length) this.items = grown(this.items, 2 * this.length);
    this.items[this.length++] = item;
  }

  /** The number at a place below `length`. */
  at(place: number): number {
    return this.items[place]!;
  }

  clear(): void {
    this.length = 0;
  }
}
