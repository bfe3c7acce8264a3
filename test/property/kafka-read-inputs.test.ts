/** Inputs and losses of several partitions, in any order: what leaders make of them has no gap, and nothing twice. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Code } from '../../src/catalogue/generated/codes.js';
import { ReadInputs } from '../../src/inbox/kafka/read-inputs.js';
import type { Pending } from '../../src/inbox/port.js';
import { submission } from '../support/kernel/build.js';

const SOURCE = 'submissions';
const PARTITIONS = 3;

/**
 * A partition gets an input, or loses some, or a turn takes inputs and has no room for the last of them; meanwhile a
 * partition may lose one.
 */
const doing = fc.oneof(
  fc.record({
    do: fc.constant('read' as const),
    partition: fc.nat(PARTITIONS - 1),
    bytes: fc.integer({ min: 1, max: 3 }),
  }),
  fc.record({
    do: fc.constant('lose' as const),
    partition: fc.nat(PARTITIONS - 1),
    count: fc.integer({ min: 1, max: 9 }),
  }),
  fc.record({
    do: fc.constant('turn' as const),
    most: fc.integer({ min: 1, max: 4 }),
    bytes: fc.integer({ min: 1, max: 9 }),
    room: fc.nat(4),
    loses: fc.nat(PARTITIONS),
  }),
);

/** Partitions that are read into what is tested, and the turns of a leader that takes from it. */
class Cell {
  readonly #ahead = new ReadInputs();
  /** By partition, up to where it was read, and up to where turns have taken it. */
  readonly #read = new Array<number>(PARTITIONS).fill(0);
  readonly #taken = new Array<number>(PARTITIONS).fill(0);
  readonly #lossesOf = new Set<number>();
  /** Inputs that were read after a loss that was not taken. */
  #behindLoss = new Set<Pending>();
  #passed = 0;

  read(partition: number, bytes: number): void {
    // As a feed, which reads on when its loss was taken.
    if (this.#lossesOf.has(partition)) return;
    const next = ++this.#read[partition]!;
    const input = { code: Code.SubmitDag, body: submission(`${partition}-${next}`, []) } as unknown as Pending['input'];
    const place = { source: SOURCE, partition, next };
    const pending = { input, place, bytes, told: () => undefined };
    this.#ahead.push(pending);
    if (this.#lossesOf.size > 0) this.#behindLoss.add(pending);
  }

  lose(partition: number, count: number): void {
    if (this.#lossesOf.has(partition)) return;
    const from = this.#read[partition]!;
    this.#read[partition] = from + count;
    this.#lossesOf.add(partition);
    this.#behindLoss = new Set();
    void this.#ahead.lost({ source: SOURCE, partition, from, to: from + count }).then(() => (this.#passed += 1));
  }

  async turn(most: number, bytes: number, room: number, loses = PARTITIONS): Promise<void> {
    const pending = this.#ahead.take(most, bytes);
    expect(pending.length).toBeLessThanOrEqual(most);
    if (pending.length > 1) expect(pending.reduce((sum, one) => sum + one.bytes, 0)).toBeLessThanOrEqual(bytes);
    const passedBefore = this.#passed;
    const lost = this.#ahead.takeLost();
    for (const { partition, from, to } of lost) {
      expect(this.#taken[partition]).toBe(from);
      this.#taken[partition] = to;
      this.#lossesOf.delete(partition);
    }
    if (lost.length > 0) this.#behindLoss = new Set();
    for (const one of pending.slice(0, room)) {
      expect(this.#behindLoss.has(one)).toBe(false);
      const { partition, next } = one.place!;
      expect(this.#taken[partition]).toBe(next - 1);
      this.#taken[partition] = next;
    }
    if (loses < PARTITIONS) this.lose(loses, 1);
    this.#ahead.giveBack(pending.slice(room));
    await Promise.resolve();
    expect(this.#passed - passedBefore).toBe(lost.length);
  }

  /** Whoever leads next reads again what was not taken: the last turn of a leader passes over none of it. */
  async close(): Promise<void> {
    this.#ahead.clear();
    expect(this.#ahead.length).toBe(0);
    await Promise.resolve();
    const taken = [...this.#taken];
    await this.turn(9, 9, 9);
    expect(this.#taken).toEqual(taken);
  }

  /** Every turn takes an input or all losses, but for one before the losses. */
  async end(): Promise<void> {
    for (let turns = 2 * this.#ahead.length + 1; turns > 0; turns--) await this.turn(1, 1, 1);
    expect(this.#ahead.length).toBe(0);
    expect(this.#ahead.bytes).toBe(0);
    expect(this.#taken).toEqual(this.#read);
  }
}

it('losses come after all that was read before them, of any partition, and before all that is read later', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(doing, { maxLength: 60 }), fc.boolean(), async (script, isClosed) => {
      const cell = new Cell();
      for (const one of script) {
        if (one.do === 'read') cell.read(one.partition, one.bytes);
        else if (one.do === 'lose') cell.lose(one.partition, one.count);
        else await cell.turn(one.most, one.bytes, one.room, one.loses);
      }
      await (isClosed ? cell.close() : cell.end());
    }),
    { numRuns: Number(process.env.MARIE_RUNS ?? 200), seed: Number(process.env.MARIE_SEED ?? 7) },
  );
});
