import { describe, expect, it } from 'vitest';
import { Answers } from '../../../src/simulate/cell/answers.js';
import { takeDue } from '../../../src/simulate/cell/due.js';
import { DONE, STOPPED } from '../../../src/simulate/cell/terminal.js';

const LAST = Number.POSITIVE_INFINITY;

function lease(token: number) {
  return { dag: 1, job: token, attempt: 1, token };
}

/** What is due at a moment, in its order: arrivals by their names, answers by their tokens. */
function due(at: number, arrivals: { at: number; order: number; name: string }[], answers: Answers) {
  const taken: (string | number)[] = [];
  const script = { peek: () => arrivals[0] ?? null, take: () => void arrivals.shift() };
  takeDue(at, script, answers, {
    arrived: ({ name }) => taken.push(name),
    answered: ({ lease }) => taken.push(lease.token),
  });
  return taken;
}

describe('answers under a virtual clock', () => {
  it('come in by their places among what arrives, arrivals first; what was assumed comes last, by its numbers', () => {
    const answers = new Answers(LAST);
    for (const [token, order] of [
      [4, LAST],
      [3, LAST],
      [2, 7],
      [1, 5],
    ] as const) {
      answers.hold({ lease: lease(token), slots: 1 }, 1);
      answers.expect(token, 10, order, DONE);
    }
    const arrivals = [5, 6, 8, 9].map((order) => ({ at: order === 9 ? 11 : 10, order, name: `a${order}` }));
    expect(due(9, arrivals, answers)).toEqual([]);
    expect(due(10, arrivals, answers)).toEqual(['a5', 1, 'a6', 2, 'a8', 3, 4]);
    expect(due(11, arrivals, answers)).toEqual(['a9']);
  });

  it('are not those that were expected before their executor was told to stop, nor those of slots that are free', () => {
    const answers = new Answers(0);
    for (const token of [1, 2]) {
      answers.hold({ lease: lease(token), slots: token }, 7);
      answers.expect(token, 10, 0, DONE);
    }
    answers.stop(1, 5);
    answers.stop(3, 5);
    expect(answers.heldBy(7)).toEqual([
      { lease: lease(1), slots: 1 },
      { lease: lease(2), slots: 2 },
    ]);
    answers.release(2);
    expect(answers.take()).toMatchObject({ at: 6, lease: lease(1), terminal: STOPPED });
    expect([answers.take(), answers.take()]).toEqual([null, null]);
    expect(answers.nextAt).toBe(Number.POSITIVE_INFINITY);
  });

  it('are listed by each executor of a fleet without looking through what all the others run', () => {
    const answers = new Answers(0);
    const fleet = 40_000;
    for (let token = 1; token <= fleet; token++) answers.hold({ lease: lease(token), slots: 1 }, token);
    const before = process.cpuUsage();
    for (let executor = 1; executor <= fleet; executor += 20) {
      expect(answers.heldBy(executor)).toEqual([{ lease: lease(executor), slots: 1 }]);
    }
    const { user, system } = process.cpuUsage(before);
    // It takes milliseconds; with all that runs looked through for each it took two seconds.
    expect((user + system) / 1_000).toBeLessThan(500);
  });
});
