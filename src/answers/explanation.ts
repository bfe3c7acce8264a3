/** Why a job isn't running: a closed list of reasons, each with its numbers (docs/policy.md). */
import { z } from 'zod';

const count = z.int();
const text = z.string();

const ahead = z.object({
  tenant: text,
  dagId: text,
  job: text,
  field: text.describe(
    "The first field of the policy's key in which it wins, or `reservation`: an executor is kept for it.",
  ),
  value: count.nullable().describe('Null where there is none: its DAG has no deadline. Of a `reservation` 1.'),
  own: count.nullable().describe('What the job itself has there. Of a `reservation` 0.'),
});

function reason<R extends string, S extends z.ZodRawShape>(name: R, shape: S) {
  return z.object({ reason: z.literal(name), ...shape });
}

const whySchema = z.discriminatedUnion('reason', [
  reason('paused-dag', {}),
  reason('held-tenant-limit', { limit: text, position: count }),
  reason('waiting-for', { jobs: z.array(text), more: count }),
  reason('waiting-for-fan-out', { made: count, left: count }),
  reason('waiting-for-signal', { name: text }),
  reason('backoff-until', { untilMs: count, attempt: count }),
  reason('no-executor-in-class', {
    group: text,
    executorClass: text,
    otherGroups: z.array(text).describe('Groups, at most 5, in which a class of this name has executors.'),
  }),
  reason('larger-than-any-executor', { slots: count, largest: count }),
  reason('all-cordoned-or-draining', { executors: count }),
  reason('lease-in-force', { executor: text, sinceMs: count }),
  reason('waiting-for-reservation', { executor: text, expectedAtMs: count }),
  reason('class-limit', { slots: count, limit: count, inUse: count }),
  reason('rate-limited', { untilMs: count, tenant: text, dagId: text, job: text, units: count }),
  reason('reserved-for-short-work', { longRunning: count, allowed: count }),
  reason('reserved-for-wide', {
    tenant: text,
    dagId: text,
    job: text,
    executor: text,
    endsInTime: z.boolean().describe('Whether it would have ended when that job is expected to begin.'),
    ahead: ahead.nullable().describe('The job that comes first of its DAG, where only that one is considered.'),
  }),
  reason('slot-reclaiming', { executor: text, slots: count, sinceMs: count }),
  reason('no-free-slot', { ahead: ahead.nullable(), slots: count, widest: count }),
  reason('turn-full', {}),
]);

export const explainSchema = z
  .object({
    dagId: text,
    job: text,
    state: text,
    policy: text,
    atMs: count,
    turn: count,
    why: whySchema.nullable().describe('Null once the job has ended.'),
  })
  .meta({ id: 'Explanation' });
