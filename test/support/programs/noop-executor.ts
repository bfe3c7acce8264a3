/**
 * An executor that does next to nothing, in a process of its own. Arguments: the fabric's address, its id, classes
 * (with commas between) and slots, how long a job takes in ms, and the length of its session in ms.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { defineExecutor, runExecutors } from '../../../src/executor/index.js';
import { quietLog } from '../quiet-log.js';

const [url = '', id = 'noop', executorClass = 'noop', slots = '1', jobMs = '0', sessionMs = '10000'] =
  process.argv.slice(2);

const executors = executorClass.split(',').map((one) =>
  defineExecutor({
    class: one,
    slots: Number(slots),
    async run({ signal }, input: { index?: number }) {
      if (jobMs !== '0') await sleep(Number(jobMs), undefined, { signal });
      return input.index ?? 0;
    },
  }),
);

await runExecutors({ url, id, executors, sessionMs: Number(sessionMs), log: quietLog() });
process.stdout.write('registered\n');
