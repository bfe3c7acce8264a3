/** What a publisher keeps of turns while the brokers take long. */
import { expect, it, vi } from 'vitest';
import { sealInput } from '../../src/catalogue/codec.js';
import { Code } from '../../src/catalogue/generated/codes.js';
import { TopicPublisher } from '../../src/outbox/kafka/publisher.js';
import type { AcceptedTurn } from '../../src/outbox/port.js';
import { completes } from '../support/journal-turns.js';
import { job, submission } from '../support/kernel/build.js';
import { PATIENT } from '../support/patience.js';

const TURNS = 40;

/**
 * Publishes turns of so many entries, which all come while the
 * first one is on its way; gives where the journal was read.
 */
async function readFrom(entries: number, entry = completes(1, '1')): Promise<readonly number[]> {
  const turns = Array.from({ length: TURNS }, (_, i): AcceptedTurn => {
    return {
      cell: 'main',
      epoch: 1,
      turn: i + 1,
      hash: new Uint8Array(32),
      atMs: 0,
      entries: new Array(entries).fill(entry),
    };
  });
  const read: number[] = [];
  let begun = false;
  let write = (): void => undefined;
  const isFree = new Promise<void>((resolve) => {
    write = resolve;
  });
  const writeAll = async (batches: readonly unknown[]): Promise<readonly null[]> => {
    begun = true;
    await isFree;
    return batches.map(() => null);
  };
  const publisher = new TopicPublisher(
    {
      cell: 'main',
      writer: { writeAll, close: () => undefined } as never,
      partitions: { leases: 1, slots: 1, dispatches: 1, lifecycle: 1, refusals: 1, timings: 1 },
      project: async function* () {
        yield [{ topic: 'lifecycle', record: { key: '1', value: null, headers: {} } }];
      },
      read: async function* (from) {
        read.push(from);
        yield* turns.slice(from - 1);
      },
      monotonicMs: () => performance.now(),
      onFatal: (error) => {
        throw error;
      },
    },
    0,
    0,
  );
  publisher.start();
  publisher.add(turns[0]!);
  await vi.waitFor(() => expect(begun).toBe(true), PATIENT);
  for (const turn of turns.slice(1)) publisher.add(turn);
  write();
  await vi.waitFor(() => expect(publisher.published).toBe(TURNS), PATIENT);
  await publisher.stop();
  return read;
}

it('goes on with what it has where turns are small', async () => {
  expect(await readFrom(10)).toEqual([]);
});

it('reads large ones from the journal again, so that they do not fill the memory', async () => {
  expect(await readFrom(16_384)).toEqual([2]);
});

it('so with submissions that are large by what is in them', async () => {
  const page = { name: 'page', value: new Uint8Array(4 * 1024 * 1024), uri: null, from: null, at: null };
  const sender = { inputId: 'in', receivedAtMs: 1, principal: null, traceparent: null };
  const submitted = sealInput(Code.SubmitDag, sender, submission('large', [job('a', { inputs: [page] })]));
  expect(await readFrom(1, submitted)).toEqual([2]);
});
