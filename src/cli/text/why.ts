import { valueWords } from '../../../replay/why/values.js';
import type { Ahead, Why } from '../../client/index.js';
import { counted, duration, grouped } from './format.js';
import { sh } from './shell.js';

/** A reason why a job isn't running, as a sentence; `nowMs` is the fabric's time. */
export function whyText(why: Why, nowMs: number): string {
  switch (why.reason) {
    case 'lease-in-force':
      return `it is running: ${why.executor} has had it for ${duration(nowMs - why.sinceMs)}`;
    case 'paused-dag':
      return 'its DAG is paused';
    case 'held-tenant-limit':
      return `its DAG is held: ${heldText(why)}; number ${why.position} of those that wait`;
    case 'waiting-for':
      return `it comes after ${why.jobs.join(', ')}${why.more > 0 ? ` and ${grouped(why.more)} more` : ''}`;
    case 'waiting-for-fan-out':
      return childrenText(why);
    case 'waiting-for-signal':
      return `it waits for an answer to ${why.name}`;
    case 'backoff-until':
      return `it failed; attempt ${why.attempt} begins in ${duration(Math.max(0, why.untilMs - nowMs))}`;
    case 'no-executor-in-class':
      return nobodyText(why);
    case 'larger-than-any-executor':
      if (why.largest === 0)
        return 'no executor of its class has a slot: each is leaving, wants no work, or lost them to work that did not stop';
      return `it needs ${counted(why.slots, 'slot')}, and the largest executor of its class has ${why.largest}`;
    case 'all-cordoned-or-draining':
      return why.executors === 1
        ? 'the one executor that is large enough takes no work'
        : `the ${grouped(why.executors)} executors that are large enough take no work`;
    case 'turn-full':
      return 'the next turn, a moment from now, goes on with it';
    default:
      return slotText(why, nowMs);
  }
}

/** What holds a DAG: a limit, or where that has room again, those before it, which the next turns let go first. */
function heldText({ limit }: Extract<Why, { reason: 'held-tenant-limit' }>): string {
  return limit === 'held-before' ? 'others of its tenant come before it' : `${limit} of its tenant are used up`;
}

/** Children are made in steps: until all are there, more may not have ended than there are. */
function childrenText({ made, left }: Extract<Why, { reason: 'waiting-for-fan-out' }>): string {
  const open = `${counted(left, 'child', 'children')} of its fan-out`;
  return left > made ? `${open} have not ended; ${grouped(made)} are there so far` : `${open} have not ended`;
}

/** Executors of a class work for one group: a job that names another one has none. */
function nobodyText({ group, executorClass, otherGroups }: Extract<Why, { reason: 'no-executor-in-class' }>): string {
  const nobody = `no executor of class ${executorClass} is there in group ${group}`;
  return otherGroups.length === 0 ? nobody : `${nobody}; there are some in ${otherGroups.join(', ')}`;
}

type SlotWhy = Extract<
  Why,
  {
    reason:
      | 'waiting-for-reservation'
      | 'class-limit'
      | 'rate-limited'
      | 'reserved-for-short-work'
      | 'reserved-for-wide'
      | 'slot-reclaiming'
      | 'no-free-slot';
  }
>;

/** When there is room; by estimates, so what runs there may take longer. */
function expectedText(leftMs: number): string {
  return leftMs > 0
    ? `in about ${duration(leftMs)}`
    : 'as soon as what runs there ends: it takes longer than estimated';
}

/** Reasons that have to do with slots: there are executors, and it could run. */
function slotText(why: SlotWhy, nowMs: number): string {
  switch (why.reason) {
    case 'waiting-for-reservation':
      return `${why.executor} is kept for it, with room ${expectedText(why.expectedAtMs - nowMs)}`;
    case 'class-limit':
      return why.slots > why.limit
        ? `it needs ${counted(why.slots, 'slot')}, and its class may use ${why.limit} at once`
        : `its class may use ${counted(why.limit, 'slot')} at once; ${grouped(why.inUse)} in use`;
    case 'rate-limited':
      return `its class has no tokens for ${why.dagId}/${why.job}, the next one, for ${duration(Math.max(0, why.untilMs - nowMs))}`;
    case 'reserved-for-short-work':
      return `it is long, and some slots are for short jobs: ${why.longRunning} long ones run, ${why.allowed} may`;
    case 'reserved-for-wide':
      return besideText(why);
    case 'slot-reclaiming':
      return `${why.executor} hasn't said for ${duration(nowMs - why.sinceMs)} that the work on ${counted(why.slots, 'slot')} stopped`;
    case 'no-free-slot':
      return fullText(why);
  }
}

/** Room beside a job of several slots is for what ends in time, and only the first job of each DAG is considered. */
function besideText({
  executor,
  dagId,
  job,
  endsInTime,
  ahead,
}: Extract<Why, { reason: 'reserved-for-wide' }>): string {
  const wide = `${dagId}/${job}`;
  if (!endsInTime) return `${executor} is kept for ${wide}, and this would not end in time`;
  if (ahead === null) return `what the limit of its class leaves is kept for ${wide}`;
  return `${executor} is kept for ${wide}; ${placeText(ahead)} comes before this one, ${byText(ahead)}, and may not start there`;
}

/** Too little is free: for the job itself, or for the one that is considered in its place. */
function fullText(why: NoFreeSlot): string {
  const { ahead, slots, widest } = why;
  if (ahead === null) return `${roomText(why)}; nothing comes before it`;
  if (widest < slots) return `${roomText(why)}; ${aheadText(ahead)}`;
  const first = `${placeText(ahead)}, which comes first of its DAG, ${byText(ahead)}`;
  return `the ${counted(widest, 'slot')} that may be taken on one executor are not enough for ${first}`;
}

type NoFreeSlot = Extract<Why, { reason: 'no-free-slot' }>;

/** What there is room for: all slots of a job are on one executor, so some may be free and not enough. */
function roomText({ slots, widest }: NoFreeSlot): string {
  if (widest === 0) return 'every slot is taken';
  return `it needs ${counted(slots, 'slot')} on one executor, and the most that are free on one is ${grouped(widest)}`;
}

/** Not that it gets the next slot: a job of several slots may come first, and others run beside it meanwhile. */
function aheadText(ahead: Ahead): string {
  return `${placeText(ahead)} of ${ahead.tenant} comes before it, ${byText(ahead)}`;
}

function placeText({ dagId, job }: Ahead): string {
  return `${dagId}/${job}`;
}

function byText({ field, value, own }: Ahead): string {
  if (field === 'reservation') return 'by its reservation of an executor';
  // Regular work comes before what is urgent where it has not had its share.
  const isShare = field === 'lane' && value !== null && own !== null && value > own;
  return `by its ${isShare ? "lane's share" : field}: ${valueWords(field, value)} against ${valueWords(field, own)}`;
}

/** The command that changes it, and what it does; null where there is nothing to do but wait. */
export function remedy(why: Why, dagId: string): readonly [string, string] | null {
  switch (why.reason) {
    case 'paused-dag':
      return [sh`marie resume ${dagId}`, 'ends the pause'];
    case 'waiting-for-signal':
      return [sh`marie signal ${dagId} ${why.name} ANSWER`, 'answers it'];
    case 'held-tenant-limit':
    case 'class-limit':
      return ['marie limits', 'shows the limits and what uses them'];
    case 'waiting-for':
      return [sh`marie explain ${dagId} ${why.jobs[0]!}`, 'says why that one has not ended'];
    case 'no-executor-in-class':
    case 'larger-than-any-executor':
    case 'all-cordoned-or-draining':
    case 'slot-reclaiming':
      return ['marie executors', 'shows who is there'];
    case 'rate-limited':
      return ['marie classes --json', 'shows the rates, and the tokens that are there'];
    case 'backoff-until':
      return [sh`marie get ${dagId}`, 'why it failed'];
    case 'no-free-slot':
      return ['marie capacity', 'shows how long the slots are busy'];
    default:
      return null;
  }
}
