/** What every inbox promises, to a gateway that hands inputs in and to a leader that takes them. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sealInput } from '../../src/catalogue/codec.js';
import { CauseCode, Code } from '../../src/catalogue/generated/codes.js';
import type { AnyEntry, EventEntry, InputEntry } from '../../src/catalogue/generated/types.js';
import type { Inbox, InputSource, Pending } from '../../src/inbox/port.js';

/** A turn that was accepted, with the inputs that it took. */
export interface TakenTurn {
  readonly turn: number;
  readonly atMs: number;
  readonly entries: readonly AnyEntry[];
}

/** An inbox, and the side from which its leader takes. */
export interface InboxUnderTest {
  readonly inbox: Inbox & { close(reason: string): void };
  readonly source: InputSource;
  /** Tells that a turn is accepted which took these. */
  accept(turn: TakenTurn, taken: readonly Pending[]): void;
}

const PLENTY = 1_000_000;

/** Runs the suite on an adapter. `start` gives an empty inbox that is open. */
export function inboxContract(name: string, start: () => Promise<InboxUnderTest>): void {
  describe(`an inbox (${name})`, () => {
    let inbox: InboxUnderTest['inbox'];
    let source: InputSource;
    let accept: InboxUnderTest['accept'];

    beforeEach(async () => {
      ({ inbox, source, accept } = await start());
    });

    afterEach(() => {
      inbox.close('the test is over');
      source.close('the test is over');
    });

    /** Hands in inputs of these ids one after the other, and waits until the leader can take all. */
    async function handIn(...ids: readonly string[]) {
      const answers = ids.map((id) => inbox.put(inputOf(id)));
      for (const answer of answers) answer.catch(() => undefined);
      await expect.poll(() => source.waiting).toBe(ids.length);
      return answers;
    }

    it('gives inputs in the order in which they were handed in', async () => {
      const ids = Array.from({ length: 20 }, (_, i) => `i-${i}`);
      await handIn(...ids);
      expect(idsOf(source.take(PLENTY, PLENTY))).toEqual(ids);
      expect(source.waiting).toBe(0);
    });

    it('tells of each of several inputs what became of it', async () => {
      const told: [number, unknown][] = [];
      inbox.putEach([inputOf('a'), inputOf('b')], (index, outcome) => void told.push([index, outcome]));
      await expect.poll(() => source.waiting).toBe(2);
      const taken = source.take(PLENTY, PLENTY);
      expect([idsOf(taken), told]).toEqual([['a', 'b'], []]);
      accept({ turn: 3, atMs: 33, entries: taken.map(({ input }) => input) }, taken);
      await expect
        .poll(() => told)
        .toEqual([
          [0, { turn: 3, atMs: 33, index: 0, events: [] }],
          [1, { turn: 3, atMs: 33, index: 1, events: [] }],
        ]);
    });

    it('gives an input as it was handed in', async () => {
      const input = inputOf('as-it-was');
      inbox.put(input).catch(() => undefined);
      await expect.poll(() => source.waiting).toBe(1);
      const [taken] = source.take(PLENTY, PLENTY);
      expect(taken!.input).toEqual(input);
      expect(taken!.bytes).toBeGreaterThan(0);
    });

    it('answers an input when its turn is accepted, not before, with the events that it caused', async () => {
      const [first, second] = await handIn('first', 'second');
      let answered = 0;
      for (const answer of [first!, second!]) void answer.then(() => answered++);
      const taken = source.take(PLENTY, PLENTY);
      await new Promise((resolve) => setImmediate(resolve));
      expect(answered).toBe(0);
      const entries = taken.flatMap(({ input }, i) => [input, ...eventsOf(2 * i)]);
      accept({ turn: 7, atMs: 77, entries }, taken);
      expect(await first).toEqual({ turn: 7, atMs: 77, index: 0, events: eventsOf(0) });
      expect(await second).toEqual({ turn: 7, atMs: 77, index: 2, events: eventsOf(2) });
    });

    it('gives no more than is asked for, and at least one', async () => {
      await handIn('a', 'b', 'c', 'd');
      expect(idsOf(source.take(2, PLENTY))).toEqual(['a', 'b']);
      expect(idsOf(source.take(PLENTY, 1))).toEqual(['c']);
      expect(idsOf(source.take(PLENTY, PLENTY))).toEqual(['d']);
      expect(source.take(PLENTY, PLENTY)).toEqual([]);
    });

    it('takes back what did not fit, in its place', async () => {
      await handIn('a', 'b', 'c', 'd');
      const taken = source.take(3, PLENTY);
      source.giveBack(taken.slice(1));
      expect(source.waiting).toBe(3);
      expect(idsOf(source.take(PLENTY, PLENTY))).toEqual(['b', 'c', 'd']);
    });

    it('tells when something arrives', async () => {
      let arrivals = 0;
      source.onArrival = () => {
        arrivals += 1;
      };
      await handIn('a');
      expect(arrivals).toBeGreaterThan(0);
    });

    it('takes nothing more when it is closed, and says so', async () => {
      inbox.close('it is ending');
      await expect(inbox.put(inputOf('late'))).rejects.toMatchObject({ code: 'not-ready' });
    });
  });
}

function inputOf(inputId: string): InputEntry {
  const sender = { inputId, receivedAtMs: 1_000, principal: null, traceparent: null };
  return sealInput(Code.CordonExecutor, sender, { executor: 'ocr-1' });
}

function eventsOf(cause: number): readonly EventEntry[] {
  return [{ code: Code.ExecutorCordoned, cause: Math.max(cause, CauseCode.timer), body: { executor: cause + 1 } }];
}

function idsOf(pending: readonly Pending[]): readonly string[] {
  return pending.map(({ input }) => input.envelope.inputId);
}
