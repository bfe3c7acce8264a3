import type { StuckReport, TooWide } from '../../simulate/index.js';
import { counted, duration } from '../text/format.js';
import { nameText } from './cells.js';

/** Jobs or DAGs that are stuck for one reason, as a sentence. */
export function stuckText(stuck: StuckReport): string {
  const { name, job, count } = stuck;
  const dags = nameText(name);
  const who = job === null ? `${counted(count, 'DAG')} of ${dags}` : `${counted(count, 'job')} ${job} of ${dags}`;
  return `${who} ${stuck.notBeforeMs === null ? 'can never go on' : 'can not go on within 24 hours'}: ${whyText(stuck)}`;
}

function whyText({ reason, executorClass, slots, most, limit, notBeforeMs }: StuckReport): string {
  switch (reason) {
    case 'larger-than-any-executor':
      return `${counted(slots ?? 0, 'slot')} of one executor needed, the largest of ${executorClass} has ${most}`;
    case 'no-executor-in-class':
      return `no executor of ${executorClass} is there`;
    case 'class-limit':
      return `${counted(slots ?? 0, 'slot')} needed, all of ${executorClass} may use ${most}`;
    case 'waiting-for-signal':
      return 'a signal that nobody answers';
    case 'held-tenant-limit':
      return `held by ${limit} of the tenant`;
    case 'rate-limited':
      return `rates of ${executorClass} let none start until ${duration(notBeforeMs)} after the beginning`;
    case 'backoff-until':
      return `the first is tried again ${duration(notBeforeMs)} after the beginning`;
    case 'no-free-slot':
      return 'behind others that never start';
    case 'paused-dag':
      return 'paused, and never resumed';
    default:
      return reason;
  }
}

/** Whether both are about the same job: one that is too wide may be stuck, or its DAGs have ended without it. */
export function isSameJob(a: Pick<StuckReport, 'name' | 'job'>, b: Pick<TooWide, 'name' | 'job'>): boolean {
  return a.name === b.name && a.job === b.job;
}

/** A job that is too wide for a size, as a sentence. */
export function tooWideText({ name, job, executorClass, slots, largest }: TooWide): string {
  return `${job} of ${nameText(name)} can never run: it needs ${slots} slots of one executor, and those of ${executorClass} have ${largest}`;
}
