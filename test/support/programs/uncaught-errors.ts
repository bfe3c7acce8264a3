/**
 * An executor in a process of its own, whose jobs leave errors behind that nobody catches: `uncaught-errors URL ID`. What
 * an input `leaves` says where from; without one a job runs until its signal is aborted. With `reports` behind these it has
 * somebody in it who reports such errors, and ends the process only where nobody else listens, as error trackers do.
 */
import { AsyncResource } from 'node:async_hooks';
import { readFile } from 'node:fs';
import { defineExecutor, runExecutors } from '../../../src/executor/index.js';

const [url = '', id = '', reports] = process.argv.slice(2);

if (reports !== undefined) {
  process.on('uncaughtException', () => {
    if (process.listenerCount('uncaughtException') === 1) process.exit(3);
  });
}

/** When it is told to, from outside of any job. */
process.once('SIGUSR2', () => {
  throw new Error('of no job');
});

const left: Readonly<Record<string, () => void>> = {
  promise: () => void Promise.reject(new Error('nobody awaits this')),
  callback: () =>
    readFile('/not-there', (error) => {
      throw error;
    }),
  later: () =>
    void process.once(
      'SIGHUP',
      AsyncResource.bind(() => {
        throw new Error('later');
      }),
    ),
};

const test = defineExecutor({
  class: 'test',
  slots: 4,
  async run({ signal }, input: { leaves?: string }) {
    left[input.leaves ?? '']?.();
    await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  },
});

await runExecutors({ url, id, executors: [test], drainMs: Number.POSITIVE_INFINITY });
