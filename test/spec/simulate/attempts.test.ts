import { describe, expect, it } from 'vitest';
import { Code } from '../../../src/catalogue/generated/codes.js';
import type { EventEntry } from '../../../src/catalogue/generated/types.js';
import { Attempts, type HeldAttempt } from '../../../src/simulate/history/attempts.js';

const job = { dag: 1, job: 0 };
const event = (code: EventEntry['code'], body: object): EventEntry => ({ code, cause: 0, body }) as EventEntry;
const dispatch = (token: number) => [
  event(Code.LeaseGranted, { ...job, token, executor: 1 }),
  event(Code.SlotReserved, { token, slots: 1 }),
  event(Code.JobDispatched, { ...job, token, evidence: { lane: 2 } }),
];

describe('attempts as events tell of them', () => {
  it('lets a job whose executor was lost wait from then on', () => {
    const seen: HeldAttempt[] = [];
    const attempts = new Attempts<HeldAttempt>({
      dispatched: (attempt) => {
        seen.push(attempt);
        return attempt;
      },
      released: () => undefined,
    });
    const play = (at: number, ...entries: readonly EventEntry[]) => {
      for (const entry of entries) attempts.take(at, entry);
    };
    play(10, event(Code.JobReadied, job));
    play(30, ...dispatch(1));
    expect(attempts.waiting()).toEqual([]);
    play(50, event(Code.JobReleased, { ...job, reason: 'executor-lost' }), event(Code.SlotWithdrawn, { token: 1 }));
    expect(attempts.waiting()).toEqual([{ ...job, readyAt: 50 }]);
    play(75, ...dispatch(2));
    expect(seen.map(({ readyAt, dispatchedAt }) => dispatchedAt - readyAt)).toEqual([20, 25]);
  });
});
