/** Many inputs in one request, of which some can not be answered. */
import { expect, it } from 'vitest';
import type { InputEntry } from '../../src/catalogue/generated/types.js';
import { type BatchLanguage, runBatch } from '../../src/edge/batch.js';
import { type Answer, type Inbox, NotReady } from '../../src/inbox/port.js';

const ANSWER: Answer = { turn: 1, atMs: 0, index: 0, events: [] };

/** Takes whatever comes. */
const inbox: Inbox = {
  put: async () => ANSWER,
  putEach: (inputs, told) => inputs.forEach((_, index) => void told(index, ANSWER)),
};

it('fails as a whole where what a repeat was answered with is out of reach, and ends no process', async () => {
  const unhandled: unknown[] = [];
  const note = (error: unknown): void => void unhandled.push(error);
  const others = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection').on('unhandledRejection', note);
  const language: BatchLanguage<{ readonly bytes: number }> = {
    read: () => ({}) as InputEntry,
    answered: () => Promise.reject(new NotReady('it is catching up with the journal')),
    refused: () => 'refused',
  };
  const lines = Array.from({ length: 1_000 }, () => ({ bytes: 10 }));
  try {
    const answers = runBatch(lines, language, inbox, () => new Promise((resolve) => void setImmediate(resolve)));
    await expect(answers).rejects.toThrow('catching up');
  } finally {
    process.off('unhandledRejection', note);
    for (const other of others) process.on('unhandledRejection', other);
  }
  expect(unhandled).toEqual([]);
});

it('lets others run more often where refusals are long', async () => {
  const pausesOf = async (answer: string): Promise<number> => {
    let pauses = 0;
    const language = { read: () => answer, answered: () => '', refused: () => '' };
    const pause = async () => void pauses++;
    await runBatch(
      Array.from({ length: 1_000 }, () => ({ bytes: 10 })),
      language,
      inbox,
      pause,
    );
    return pauses;
  };
  expect(await pausesOf('short')).toBeLessThan(5);
  expect(await pausesOf('x'.repeat(10_000))).toBeGreaterThan(50);
});
