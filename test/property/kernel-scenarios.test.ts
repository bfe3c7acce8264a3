/** Histories that random ones were shrunk to when they found something: each stays as it was found, to be read. */
import { describe, it } from 'vitest';
import type { Command, JobShape, Step } from '../support/kernel/random/commands.js';
import { Harness } from '../support/kernel/random/harness.js';

const JOB: JobShape = {
  kind: 'executor',
  after: 0,
  join: 0,
  slots: 1,
  units: 0,
  executorClass: 0,
  estimateMs: 0,
  timeoutMs: 0,
  attempts: 0,
  backoffMs: 0,
  optional: false,
  when: 'none',
  fanOut: 'none',
  count: 0,
  tolerate: 0,
};

function dag(id: number, ...jobs: Partial<JobShape>[]): Command {
  return {
    do: 'submit',
    id,
    key: -1,
    tenant: 0,
    priority: 0,
    continues: false,
    deadlineMs: 0,
    hardDeadlineMs: 0,
    demote: false,
    repeat: 0,
    flaw: 'none',
    jobs: jobs.map((shape) => ({ ...JOB, ...shape })),
  };
}

type Register = Extract<Command, { do: 'register' }>;

function register(more: Partial<Register> = {}): Command {
  const usual = { executor: 0, restarts: false, executorClass: 0, slots: 2, lists: 'all', sessionMs: 60_000 } as const;
  return { do: 'register', ...usual, ...more };
}

function turn(...commands: Command[]): Step {
  return { commands, laterMs: 1, caughtUp: true, lag: 0, undone: 0, rebuild: true, refold: true };
}

function run(...steps: Step[]): void {
  Harness.through(steps);
}

describe('a history', () => {
  const acknowledged = [turn(register(), dag(1, {})), turn({ do: 'callback', pick: 0, how: 'acknowledge', output: 0 })];

  it('ends when an executor restarts under another class, with work in hand', () => {
    run(...acknowledged, turn(register({ restarts: true, executorClass: 1, lists: 'none' })));
  });

  it('wakes alike, whoever waited for projections before: the second kernel has just been made of the rows', () => {
    const keepThreeJobs: Command = { do: 'setting', what: 'cell', pick: 3 };
    const callback = (how: 'fail' | 'complete'): Command => ({ do: 'callback', pick: 0, how, output: 0 });
    run(
      turn(dag(1, {}, {}, {}, {})),
      turn(register({ slots: 1 }), keepThreeJobs),
      { ...turn(callback('fail')), lag: 1 },
      { ...turn(dag(2, {})), rebuild: false, refold: false },
      turn(callback('complete')),
    );
  });

  it('ends when a process that works asks for another class: it keeps its class and its work', () => {
    run(...acknowledged, turn(register({ executorClass: 1, lists: 'none' })));
  });
});
