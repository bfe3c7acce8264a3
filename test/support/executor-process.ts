/** An executor in a process of its own: sleeps for as long as its input says. Arguments: the fabric's address. */
import { setTimeout as sleep } from 'node:timers/promises';
import { defineExecutor, runExecutors } from '../../src/executor/index.js';

const sleeper = defineExecutor({
  class: 'test',
  slots: 4,
  async run({ signal }, input: { ms: number }) {
    await sleep(input.ms, undefined, { signal });
    return 'slept';
  },
});

await runExecutors({ url: process.argv[2] as string, id: 'child', executors: [sleeper] });
