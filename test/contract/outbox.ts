/** What every outbox promises to its leader: accepted turns are told, all of them, in order. */
import { describe, expect, it } from 'vitest';
import { CauseCode, Code } from '../../src/catalogue/generated/codes.js';
import type { EventEntry } from '../../src/catalogue/generated/types.js';
import type { AcceptedTurn, Publisher } from '../../src/outbox/port.js';

/** An event as somebody was told of it. */
export interface Told {
  readonly turn: number;
  readonly index: number;
  /** What it is about; order is promised within it. */
  readonly key: string;
}

/** A leader's outbox, and whoever listens. */
export interface OutboxUnderTest {
  readonly publisher: Publisher;
  /** Every event that was told so far, in order; a repeat is left out. */
  told(): Promise<readonly Told[]>;
}

/** Tokens of the events in a turn; some come again in later ones. */
const TOKENS = [1, 2, 3, 4, 5];

/** Runs the suite on an adapter. `start` gives an outbox for which everything up to turn `published` is told already. */
export function outboxContract(name: string, start: (published: number) => Promise<OutboxUnderTest>): void {
  describe(`an outbox (${name})`, () => {
    it('tells every event of every turn, those of one key in order', async () => {
      const { publisher, told } = await start(0);
      for (let turn = 1; turn <= 30; turn++) publisher.publish(turnOf(turn));
      await expect.poll(() => publisher.published()).toBe(30);
      const all = await told();
      expect(all).toHaveLength(30 * TOKENS.length);
      for (const token of TOKENS) {
        const turns = all.filter(({ key }) => key === String(token)).map(({ turn }) => turn);
        expect(turns).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
      }
      expect(new Set(all.map(({ turn, index }) => `${turn}:${index}`)).size).toBe(all.length);
    });

    it('goes on after what was told before', async () => {
      const { publisher, told } = await start(41);
      expect(publisher.published()).toBe(41);
      publisher.publish(turnOf(42));
      await expect.poll(() => publisher.published()).toBe(42);
      expect(new Set((await told()).map(({ turn }) => turn))).toEqual(new Set([42]));
    });

    it('counts a turn without events as told', async () => {
      const { publisher, told } = await start(0);
      publisher.publish({ ...turnOf(1), entries: [] });
      await expect.poll(() => publisher.published()).toBe(1);
      expect(await told()).toEqual([]);
    });
  });
}

function turnOf(turn: number): AcceptedTurn {
  const entries = TOKENS.map(
    (token): EventEntry => ({
      code: Code.LeaseReleased,
      cause: CauseCode.timer,
      body: { token, reason: 'completed' },
    }),
  );
  return { cell: 'main', epoch: 1, turn, hash: new Uint8Array(32), atMs: 1_000 * turn, entries };
}
