/** A standby whose wall clock is not that of the brokers: journal time, which never goes back, must not follow it. */
import { describe, expect, it } from 'vitest';
import type { Followed, SharedJournal } from '../../src/journal/port.js';
import { emptyHead } from '../../src/journal/rule.js';
import { Standby, type StandbyEnd, type StandbyParts } from '../../src/scheduler/standby.js';
import { LogClock } from '../../src/scheduler/time/log-clock.js';

const LOOK_MS = 200;
const HOUR_MS = 3_600_000;
const EPOCH_MS = 1_800_000_000_000;
/** The leader writes a turn with each of so many looks, and is silent then. */
const TURNS = 3;

interface Scene {
  /** By how much the wall clock is ahead of that of the brokers, after so many looks. */
  readonly aheadMs: (looks: number) => number;
  /** How long the brokers hold back the last turn, in ms. */
  readonly heldBackMs?: number;
  readonly acceptClock?: boolean;
  /** It is told to stop after so many looks. */
  readonly looks?: number;
}

/** How a standby has ended, and of what clock it has told. */
async function follow({ aheadMs, heldBackMs = 0, acceptClock = false, looks: most = 100 }: Scene) {
  let looks = 0;
  const nowMs = (): number => looks * LOOK_MS;
  const told: number[] = [];
  const journal: Pick<SharedJournal, 'head' | 'follow'> = {
    head: emptyHead,
    async follow(): Promise<Followed> {
      looks += 1;
      if (looks >= most) standby.stop();
      const none = { records: [], isAtEnd: true };
      if (looks > TURNS) return none;
      return { ...none, appendedAtMs: EPOCH_MS + nowMs() - (looks === TURNS ? heldBackMs : 0) };
    },
  };
  const parts = {
    cell: 'main',
    journal,
    clocks: { monotonicMs: nowMs, wallMs: () => EPOCH_MS + nowMs() + aheadMs(looks) },
    silenceMs: 1500,
    isPassing: () => false,
    acceptClock,
    onClockOff: (ms: number) => told.push(ms),
  };
  const at = { turn: 7, at: EPOCH_MS, stoppedMs: 0, events: 7, resigned: false, published: 7 };
  const standby = new Standby(parts as unknown as StandbyParts, at);
  const end: StandbyEnd = await standby.run();
  return { end, told, looks };
}

describe('a standby of a leader that is silent', () => {
  it('leads where its clock is right, a little ahead, or a little behind', async () => {
    for (const ms of [0, 4000, -4000]) {
      expect(await follow({ aheadMs: () => ms })).toMatchObject({ end: 'silent', told: [] });
    }
  });

  it.each([
    ['ahead', HOUR_MS],
    ['behind', -HOUR_MS],
  ])('does not lead with a clock that is %s, and tells of it once in a while', async (_, offMs) => {
    const { end, told } = await follow({ aheadMs: () => offMs, looks: 500 });
    expect(end).toBe('stopped');
    expect(told).toHaveLength(2);
    for (const ms of told) expect(Math.abs(ms - offMs)).toBeLessThanOrEqual(2 * LOOK_MS);
  });

  it('leads once the clock is set right', async () => {
    const { end, looks } = await follow({ aheadMs: (looks) => (looks < 50 ? HOUR_MS : 0) });
    expect([end, looks]).toEqual(['silent', 50]);
  });

  it('leads all the same when it is told that the clock is right', async () => {
    expect(await follow({ aheadMs: () => HOUR_MS, acceptClock: true })).toMatchObject({ end: 'silent', told: [] });
  });

  it('leads where replicas that were slow have held back the last turn', async () => {
    expect(await follow({ aheadMs: () => 0, heldBackMs: 20_000 })).toMatchObject({ end: 'silent', told: [] });
  });
});

describe('the clock of a log', () => {
  it('is at least what it showed, and not known any better, by turns that may have been there for long', () => {
    const clock = new LogClock();
    expect(clock.offOf(EPOCH_MS, HOUR_MS)).toBe(0);
    for (const isAtEnd of [false, false, true]) clock.hear({ isAtEnd, appendedAtMs: EPOCH_MS }, HOUR_MS, HOUR_MS);
    expect(clock.offOf(EPOCH_MS + HOUR_MS, HOUR_MS)).toBe(0);
    expect(clock.offOf(EPOCH_MS - HOUR_MS, HOUR_MS)).toBe(-HOUR_MS);
  });

  it('is known as well by turns that are read late', () => {
    const clock = new LogClock();
    clock.hear({ isAtEnd: true }, 1000, 1200);
    clock.hear({ isAtEnd: true, appendedAtMs: EPOCH_MS + 1000 }, 1200, 1400);
    // The process stood still for an hour.
    clock.hear({ isAtEnd: true, appendedAtMs: EPOCH_MS + 2000 }, 1400, HOUR_MS);
    expect(clock.offOf(EPOCH_MS + HOUR_MS, HOUR_MS)).toBe(0);
    expect(clock.offOf(EPOCH_MS + 2 * HOUR_MS, HOUR_MS)).toBe(HOUR_MS - 800);
    expect(clock.offOf(EPOCH_MS - HOUR_MS, HOUR_MS)).toBe(-HOUR_MS - 2000);
  });
});
