/** What whoever follows a cell's journal is told of DAGs whose names stand only where they were submitted. */
import { expect, it } from 'vitest';
import { Code } from '../../src/catalogue/generated/codes.js';
import type { AnyEntry, EventEntry } from '../../src/catalogue/generated/types.js';
import { type FollowOptions, follow, untilEnded } from '../../src/topics/follow.js';
import { accepts, completes, forgets, pauses, turnOf } from '../support/journal-turns.js';

/** The journal of a cell, turn by turn from 1 on. */
function journal(...turns: readonly AnyEntry[][]) {
  return journalFrom(1, ...turns);
}

/** That of which the turns before one are in an archive. */
function journalFrom(first: number, ...turns: readonly AnyEntry[][]) {
  return {
    bounds: async () => ({ first, last: turns.length }),
    async *from(fromTurn: number) {
      for (let turn = fromTurn; turn <= turns.length; turn++) yield turnOf(turn, turns[turn - 1]!);
    },
  };
}

const ended = (dag: number): EventEntry => ({ code: Code.DagSucceeded, cause: -1, body: { dag } });
/** What is told, as `turn type dagId`. */
async function told(turns: ReturnType<typeof journal>, options: FollowOptions): Promise<string[]> {
  const lines: string[] = [];
  for await (const { turn, type, dagId } of follow(turns, 'default', options)) lines.push(`${turn} ${type} ${dagId}`);
  return lines;
}

/** DAG `a` is forgotten in two steps, and its id used again between them. */
const FORGOTTEN = [
  accepts({ dag: 1, dagId: 'a' }, { dag: 2, dagId: 'b', tenant: 'other' }),
  [ended(1), ended(2)],
  [forgets(1, false), forgets(2)],
  accepts({ dag: 3, dagId: 'a' }),
  [forgets(1, true, 1), ended(3)],
];

it.each([
  ['a DAG', { dag: 'a' }],
  ['a tenant', { tenant: 'default', afterTurn: 0 }],
])('whoever asks for %s is told that it is forgotten, step by step', async (_what, options) => {
  expect(await told(journal(...FORGOTTEN), options)).toEqual([
    '1 DagAccepted a',
    '2 DagSucceeded a',
    '3 DagForgotten a',
    '4 DagAccepted a',
    '5 DagForgotten a',
    '5 DagSucceeded a',
  ]);
});

it('whoever asks for a DAG is told of its submission and its controls, which name it, and of no other', async () => {
  const turns = [
    accepts({ dag: 1, dagId: 'a' }, { dag: 2, dagId: 'b' }, { dag: 3, dagId: 'a', tenant: 'other' }),
    [pauses('default', 'b'), pauses('other', 'a'), pauses('default', 'a'), ended(1)],
  ];
  const topics = ['submissions', 'controls', 'lifecycle'] as const;
  const own = ['1 SubmitDag undefined', '1 DagAccepted a', '2 PauseDag undefined'];
  expect(await told(journal(...turns), { dag: 'a', topics })).toEqual([...own, '2 DagSucceeded a']);
  expect(await told(journal(...turns), { dag: 'a', tenant: 'other', topics })).toEqual(own);
});

it('a tenant is told without names what may be its own of DAGs that were submitted before the first turn', async () => {
  expect(await told(journalFrom(3, ...FORGOTTEN), { tenant: 'default', afterTurn: 0 })).toEqual([
    '3 DagForgotten undefined',
    '3 DagForgotten undefined',
    '4 DagAccepted a',
    '5 DagForgotten undefined',
    '5 DagSucceeded a',
  ]);
});

it("a tenant is told of no output of a DAG that was submitted before the first turn: it may be another tenant's", async () => {
  const turns = journalFrom(2, [], [completes(1, '"secret"'), ended(1)], accepts({ dag: 3, dagId: 'c' }), [
    completes(3, '"mine"'),
  ]);
  const topics = ['callbacks', 'lifecycle'] as const;
  const expected = ['2 DagSucceeded undefined', '3 DagAccepted c', '4 CompleteJob c'];
  expect(await told(turns, { tenant: 'default', topics, afterTurn: 0 })).toEqual(expected);
  expect(await told(turns, { topics, afterTurn: 0 })).toEqual(['2 CompleteJob undefined', ...expected]);
});

it('whoever waits for a DAG whose id was used before waits for the end of the later one', async () => {
  const [accepted, end, forgotten, again, endOfBoth] = FORGOTTEN;
  const signal = AbortSignal.abort(new Error('no end is there'));
  const open = untilEnded(journal(accepted!, end!, forgotten!, again!), 'default', 'a', signal);
  await expect(open).rejects.toThrow('no end is there');
  const ended = untilEnded(journal(accepted!, end!, forgotten!, again!, endOfBoth!), 'default', 'a', signal);
  expect(await ended).toMatchObject({ dag: 3, state: 'succeeded', turn: 5 });
});
