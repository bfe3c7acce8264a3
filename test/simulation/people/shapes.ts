import type { SubmitDag } from '../../../src/catalogue/generated/types.js';
import { fanOut, job, submission } from '../../support/kernel/build.js';
import type { DagShape, JobShape } from '../../support/kernel/random/commands.js';
import { jobsOf } from '../../support/kernel/random/jobs.js';
import type { Chance } from '../chance.js';

/** A submission as random as a seed makes it; most are small, a few are wide. */
export function randomDag(chance: Chance, id: string, nowMs: number): SubmitDag {
  const shape = randomShape(chance);
  const jobs = chance.hits(0.04) ? [job('wide', { fanOut: fanOut(300 + chance.below(500)) })] : jobsOf(shape);
  return submission(id, jobs, {
    idempotencyKey: `key-${id}`,
    tenant: chance.pick(['acme', 'acme', 'beta']),
    priority: shape.priority,
    failurePolicy: shape.continues ? 'continue' : 'fail_fast',
    deadlineAtMs: chance.hits(0.2) ? nowMs + chance.below(30_000) + 1 : null,
    hardDeadlineAtMs: chance.hits(0.1) ? nowMs + chance.below(60_000) + 1 : null,
    onHardDeadline: shape.demote ? 'demote' : 'fail',
  });
}

/** More children than the continuations of one turn can make; they need no executor. */
export function hugeFanOut(id: string): SubmitDag {
  const children = job('children', { kind: 'noop', fanOut: fanOut(9000) });
  return submission(id, [children], { idempotencyKey: `key-${id}` });
}

function randomShape(chance: Chance): DagShape {
  return {
    do: 'submit',
    id: 0,
    key: -1,
    tenant: 0,
    priority: chance.pick([0, 0, 0, 1, -1]),
    continues: chance.hits(0.5),
    deadlineMs: 0,
    hardDeadlineMs: 0,
    demote: chance.hits(0.5),
    repeat: chance.pick([0, 0, 0, 0, 0, 20]),
    flaw: chance.weighed([
      [20, 'none'],
      [1, 'cycle'],
      [1, 'unknown'],
    ]),
    jobs: Array.from({ length: 1 + chance.below(5) }, () => randomJob(chance)),
  };
}

function randomJob(chance: Chance): JobShape {
  return {
    kind: chance.weighed([
      [8, 'executor'],
      [1, 'noop'],
      [1, 'signal'],
    ]),
    after: chance.hits(0.3) ? 0 : chance.below(256),
    join: chance.pick([0, 0, 0, 1, 2]),
    slots: chance.pick([1, 1, 1, 2]),
    units: chance.hits(0.1) ? chance.below(50) : 0,
    executorClass: chance.pick([0, 0, 1]),
    estimateMs: chance.pick([0, 10, 1000]),
    timeoutMs: chance.pick([0, 0, 3000, 20_000]),
    attempts: chance.pick([0, 2, 3]),
    backoffMs: chance.pick([0, 300, 5000]),
    optional: chance.hits(0.2),
    when: chance.pick(['none', 'none', 'none', 'exists', 'two', 'not-two']),
    fanOut: chance.pick(['none', 'none', 'none', 'count', 'from', 'over']),
    count: chance.pick([0, 1, 2, 3, 5, 40]),
    tolerate: chance.pick([0, 0, 1, 2]),
  };
}
