/** Who gets the answer to an input that was written to a topic. */
import { expect, it } from 'vitest';
import { sealInput } from '../../src/catalogue/codec.js';
import { Code } from '../../src/catalogue/generated/codes.js';
import type { EventEntry, InputEntry } from '../../src/catalogue/generated/types.js';
import { Answers } from '../../src/inbox/kafka/answers.js';

const sender = { inputId: 'chosen', receivedAtMs: 0, principal: null, traceparent: null };
const pause = (dagId: string): InputEntry => sealInput(Code.PauseDag, sender, { tenant: 't', dagId });
const event = (cause: number) => ({ code: Code.DagPaused, cause, body: { dag: cause } }) as unknown as EventEntry;

it('an input is not answered with what became of another one of the same id', () => {
  const answers = new Answers();
  const told: (readonly [string, unknown])[] = [];
  for (const dag of ['a', 'b']) answers.await(pause(dag), (answer) => told.push([dag, answer]));
  // First one that some other process has written, then those that wait here, the other way round.
  const entries = [pause('other'), event(0), pause('b'), event(2), pause('a'), event(4)];
  answers.accept({ turn: 7, atMs: 1, entries });
  expect(told).toEqual([
    ['b', { turn: 7, atMs: 1, index: 2, events: [event(2)] }],
    ['a', { turn: 7, atMs: 1, index: 4, events: [event(4)] }],
  ]);
  expect(answers.waiting).toBe(0);
});

it('equal inputs are answered one by one; what came as unreadable is answered, too', () => {
  const answers = new Answers();
  const told: (readonly [number, number])[] = [];
  for (let i = 0; i < 3; i++) {
    const forget = answers.await(pause('a'), (answer) => {
      told.push([i, (answer as { index: number }).index]);
      // As who waits does, for whichever end.
      forget();
    });
  }
  const unreadable = {
    reason: 'undecodable',
    detail: '',
    sha256: new Uint8Array(32),
    length: 0,
    head: Buffer.alloc(0),
  };
  const entries = [pause('a'), sealInput(Code.Undecodable, sender, unreadable), pause('a')];
  answers.accept({ turn: 7, atMs: 1, entries: entries as InputEntry[] });
  expect(told).toEqual([
    [0, 0],
    [1, 1],
    [2, 2],
  ]);
  expect(answers.waiting).toBe(0);
});
