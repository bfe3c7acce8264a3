/** The reader's rule: which records count. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyHead, ReaderRule, type TurnHeader, type Verdict } from '../../../src/journal/rule.js';

const HASH = (turn: number): Uint8Array => new Uint8Array(32).fill(turn);

/** The header that follows turn `turn - 1` in epoch 2. */
function header(turn: number, changes: Partial<TurnHeader> = {}): TurnHeader {
  return { cell: 'main', epoch: 2, turn, prev: HASH(turn - 1), at: 100 * turn, inputs: [], ...changes };
}

/** A rule that has accepted turns 1 to `turn`. */
function ruleAt(turn: number): ReaderRule {
  const rule = new ReaderRule({ cell: 'main' });
  for (let i = 1; i <= turn; i++) {
    const inputs = [{ source: 'api', partition: 0, from: 10 * (i - 1), to: 10 * i }];
    expect(rule.take(header(i, { inputs }), HASH(i)).kind).toBe('accept');
  }
  return rule;
}

const told = (verdict: Verdict): string =>
  verdict.kind === 'accept' ? 'accept' : `${verdict.kind}: ${verdict.reason}`;
const range = (from: number, to: number, partition = 0) => ({ source: 'api', partition, from, to });

describe('at turn 3, epoch 2', () => {
  const cases: [string, Partial<TurnHeader>, string][] = [
    ['the next turn', {}, 'accept'],
    ['the next turn in a later epoch', { epoch: 9 }, 'accept'],
    ['the next turn at the same time', { at: 300 }, 'accept'],
    ['the next turn of a stale epoch', { epoch: 1 }, 'ignore: stale-epoch'],
    [
      'any record of a stale epoch, whatever else is wrong',
      { epoch: 1, turn: 9, cell: 'x', at: 0 },
      'ignore: stale-epoch',
    ],
    ['the last turn again', { turn: 3, prev: HASH(2) }, 'ignore: seen-turn'],
    ['an election for a turn that was won', { turn: 3, prev: HASH(2), epoch: 3 }, 'ignore: seen-turn'],
    ['a turn that leaves one out', { turn: 5, prev: HASH(4) }, 'stop: missing-turn'],
    ['a turn that chains on another', { prev: HASH(9) }, 'stop: broken-chain'],
    ['a turn whose hash has another length', { prev: new Uint8Array(31).fill(3) }, 'stop: broken-chain'],
    ['a turn of another cell', { cell: 'other' }, 'stop: other-cell'],
    ['a turn before its time', { at: 299 }, 'stop: time-fell'],
    ['inputs that go on', { inputs: [range(30, 35)] }, 'accept'],
    ['inputs that go on in two ranges', { inputs: [range(30, 35), range(35, 36)] }, 'accept'],
    ['no inputs at the right place', { inputs: [range(30, 30)] }, 'accept'],
    ['the first inputs of a partition', { inputs: [range(0, 5, 1)] }, 'accept'],
    ['inputs that leave some out', { inputs: [range(31, 35)] }, 'stop: input-gap'],
    ['inputs that were taken', { inputs: [range(29, 35)] }, 'stop: input-gap'],
    ['inputs from the beginning again', { inputs: [range(0, 35)] }, 'stop: input-gap'],
    ['a new partition that begins later', { inputs: [range(1, 5, 1)] }, 'stop: input-gap'],
    ['two ranges with a gap', { inputs: [range(30, 35), range(36, 37)] }, 'stop: input-gap'],
    ['two ranges that overlap', { inputs: [range(30, 35), range(30, 37)] }, 'stop: input-gap'],
    ['a range that ends before it begins', { inputs: [range(30, 29)] }, 'stop: invalid-input-range'],
    ['a range below 0', { inputs: [range(-1, 29, 1)] }, 'stop: invalid-input-range'],
  ];
  it.each(cases)('%s', (_name, changes, expected) => {
    const rule = ruleAt(3);
    const before = rule.head();
    expect(told(rule.judge(header(4, changes)))).toBe(expected);
    expect(rule.head()).toBe(before);
    const verdict = rule.take(header(changes.turn ?? 4, changes), HASH(4));
    expect(told(verdict)).toBe(expected);
    expect(rule.head().turn).toBe(expected === 'accept' ? 4 : 3);
  });
});

describe('the head', () => {
  it('is what the accepted records led to', () => {
    const rule = ruleAt(2);
    rule.take(header(3, { epoch: 4, at: 777, inputs: [range(20, 21), range(0, 6, 7)] }), HASH(3));
    expect(rule.head()).toEqual({
      turn: 3,
      hash: HASH(3),
      epoch: 4,
      at: 777,
      positions: new Map([
        ['api/0', 21],
        ['api/7', 6],
      ]),
    });
  });

  it('does not change once it was given', () => {
    const rule = ruleAt(1);
    const head = rule.head();
    const copy = structuredClone(head);
    rule.take(header(2, { inputs: [range(10, 11), range(0, 6, 7)] }), HASH(2));
    expect(head).toEqual(copy);
  });

  it('is where another rule goes on', () => {
    const rule = new ReaderRule({ cell: 'main', head: ruleAt(3).head() });
    expect(told(rule.judge(header(4, { inputs: [range(31, 32)] })))).toBe('stop: input-gap');
    expect(told(rule.judge(header(4, { inputs: [range(30, 32)] })))).toBe('accept');
  });
});

it('without a cell, the first accepted record decides', () => {
  const rule = new ReaderRule();
  expect(rule.cell).toBeNull();
  rule.take(header(1, { cell: 'here' }), HASH(1));
  expect(rule.cell).toBe('here');
  expect(told(rule.judge(header(2, { cell: 'there' })))).toBe('stop: other-cell');
});

it('that begins in the middle takes the first range of a partition as it is, and no other', () => {
  const head = { ...emptyHead(), turn: 3, hash: HASH(3), epoch: 2, at: 300 };
  const rule = new ReaderRule({ head, positionsComplete: false });
  expect(told(rule.take(header(4, { inputs: [range(50, 60)] }), HASH(4)))).toBe('accept');
  expect(told(rule.judge(header(5, { inputs: [range(61, 62)] })))).toBe('stop: input-gap');
  expect(told(rule.judge(header(5, { inputs: [range(60, 62)] })))).toBe('accept');
});

it('duplicates, zombies and late copies never change what is accepted', () => {
  const anyDisturbance = fc.record({ after: fc.nat(9), turn: fc.integer({ min: 1, max: 10 }), epoch: fc.nat(2) });
  fc.assert(
    fc.property(fc.array(anyDisturbance, { maxLength: 20 }), (disturbances) => {
      const rule = new ReaderRule({ cell: 'main' });
      for (let turn = 1; turn <= 10; turn++) {
        expect(rule.take(header(turn), HASH(turn)).kind).toBe('accept');
        for (const { after, turn: again, epoch } of disturbances) {
          if (after !== turn || (epoch === 2 && again > turn)) continue;
          expect(rule.take(header(again, { epoch, prev: HASH(99) }), HASH(77)).kind).toBe('ignore');
        }
      }
      expect(rule.head()).toMatchObject({ turn: 10, hash: HASH(10) });
    }),
  );
});
