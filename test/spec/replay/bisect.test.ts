/** Where two policies part: in which turn, and with what each has there. */
import { describe, expect, it } from 'vitest';
import { bisect, type History, whatIf } from '../../../replay/index.js';
import { Code } from '../../../src/catalogue/generated/codes.js';
import { classLimits, job } from '../../support/kernel/build.js';
import { at, Stage } from '../../support/replay/stage.js';

const RATE = { per: 'units', add: 10, perMs: 1_000, burst: 40 } as const;
const LIMITS = classLimits({ rates: [RATE] });

/**
 * A class of four slots that begins ten units of work a second. The first DAG takes all tokens; of the two that wait the
 * later one needs a token, for which the recorded policy, default@1, begins it after 100 ms, and the other one forty, for
 * which fifo@1 lets both wait.
 */
function rated(untilMs?: number): History {
  return new Stage(() => 500)
    .executor('e1', 4)
    .give(0, Code.SetClassLimits, LIMITS)
    .submit(1_000, 'first', [job('read', { units: 40, estimateMs: 500 })])
    .submit(1_010, 'large', [job('read', { units: 40, estimateMs: 9_000 })])
    .submit(1_020, 'small', [job('read', { units: 1, estimateMs: 500 })])
    .play(untilMs);
}

describe('policies part in the first turn in which one of them dispatches what the other does not', () => {
  it('in that of the recorded dispatch, where the other policy dispatches nothing before later', async () => {
    const { same, parting } = await bisect(rated(), null, 'fifo@1');
    expect(same).toBe(1);
    expect(parting).toMatchObject({ atMs: at(1_100), recorded: { dag: 'small' }, other: null });
  });

  it('in that of the other dispatch, where the recorded policy dispatches nothing before later', async () => {
    const { same, parting } = await bisect(rated(), 'fifo@1', 'default@1');
    expect(same).toBe(1);
    expect(parting).toMatchObject({ atMs: at(1_100), recorded: null, other: { dag: 'small' } });
  });

  it('between two policies as between the history and one of them, and as what-if says', async () => {
    const { other } = await whatIf(rated(), { policy: 'fifo@1' });
    expect((await bisect(rated(), null, 'fifo@1')).parting).toEqual(other.parting);
    expect((await bisect(rated(), 'default@1', 'fifo@1')).parting).toEqual(other.parting);
  });
});

it('plays no more than it compares: a history that ends before its DAGs is not played on for it', async () => {
  const history = rated(4_800);
  let readings = 0;
  const counted: History = {
    ...history,
    read: (...from) => {
      readings += 1;
      return history.read(...from);
    },
  };
  await bisect(counted, null, 'fifo@1');
  // What it is, what was dispatched, and the play.
  expect(readings).toBe(3);
});

describe('what one side has left at the end', () => {
  it('is where they part', async () => {
    // Up to its end, 200 ms before fifo@1 would dispatch anything again.
    const { same, parting } = await bisect(rated(4_800), null, 'fifo@1');
    expect({ same, parting }).toMatchObject({ same: 1, parting: { atMs: at(1_100), recorded: { dag: 'small' } } });
  });

  it('is not told of the recorded policy, whose history goes no further', async () => {
    const cut = rated(1_050);
    expect(await bisect(cut, null, 'fifo@1')).toMatchObject({ same: 1, parting: null });
    expect((await whatIf(cut, { policy: 'fifo@1' })).other.parting).toBeNull();
    expect(await bisect(cut, 'default@1', 'fifo@1')).toMatchObject({ same: 1, parting: { atMs: at(1_100) } });
  });

  it('nor of its last moment, at which attempts end that should have ended before', async () => {
    const history = new Stage(() => null)
      .executor('e1', 1)
      .submit(1_000, 'first', [job('read', { estimateMs: 500 })])
      .submit(1_010, 'second', [job('read', { estimateMs: 500 })])
      .submit(5_000, 'third', [job('write', { executorClass: 'nobody' })])
      .play(5_000);
    expect((await whatIf(history, { policy: 'fifo@1' })).other.parting).toBeNull();
    expect(await bisect(history, null, 'fifo@1')).toMatchObject({ same: 1, parting: null });
  });
});

it('what they part by has its names, also where the history goes on until it is forgotten', async () => {
  const hours = 3_600_000;
  const history = new Stage(() => 1_000)
    .executor('gone', 1)
    .submit(1_000, 'first', [job('read'), job('write', { estimateMs: 9_000 })])
    .give(10_000, Code.DeregisterExecutor, { executor: 'gone', incarnation: 'gone-1' })
    .submit(200 * hours, 'next', [job('read', { kind: 'noop' })])
    .submit(400 * hours, 'last', [job('read', { kind: 'noop' })])
    .play();
  const parting = {
    recorded: { dag: 'first', job: 'write', executor: 'gone' },
    other: { dag: 'first', job: 'read', executor: 'gone' },
  };
  expect((await bisect(history, null, 'fifo@1')).parting).toMatchObject(parting);
  expect((await whatIf(history, { policy: 'fifo@1' })).other.parting).toMatchObject(parting);
});
