/** The reasons of waits and the fields of keys in plain sentences. */
import type { KeyField } from './decision.js';
import { valueWords } from './values.js';
import type { WaitPart } from './wait.js';

/** What a part of a wait was spent on. */
export function partWords({ reason, on }: Pick<WaitPart, 'reason' | 'on'>): string {
  switch (reason) {
    case 'paused-dag':
      return 'the DAG was paused';
    case 'held-tenant-limit':
      return on === 'held-before'
        ? 'the DAG was held behind others of its tenant'
        : `the DAG was held by a limit of its tenant (${on})`;
    case 'waiting-for':
      return `waited for ${on}`;
    case 'waiting-for-fan-out':
      return 'waited for the children of its fan-out';
    case 'waiting-for-signal':
      return `waited for the signal ${on}`;
    case 'backoff-until':
      return `waited out the backoff before ${on}`;
    case 'no-executor-in-class':
      return 'no executor of its class was there';
    case 'larger-than-any-executor':
      return `no executor was large enough (needs ${on})`;
    case 'all-cordoned-or-draining':
      return 'all executors of its class were cordoned or draining';
    case 'waiting-for-reservation':
      return `waited for the slots that are reserved for it on ${on}`;
    case 'class-limit':
      return `the limit of its class was reached (${on})`;
    case 'reserved-for-short-work':
      return 'the slots that were left to its class were kept for short jobs';
    case 'reserved-for-wide':
      return `free slots on ${on} were kept for a job of several slots`;
    case 'slot-reclaiming':
      return `slots of ${on} were not given back`;
    case 'no-free-slot':
      return on === null
        ? 'was first in line, and too few slots of its class were free'
        : `too few slots were free, and jobs ranked above it by ${ruleWords(on)}`;
    case 'turn-full':
      return 'waited for the next turn of the fabric';
    case 'fabric-stopped':
      return 'the fabric itself stood still';
    default:
      return reason;
  }
}

const RULES: Readonly<Record<string, string>> = {
  lane: 'lane (guard before urgent before regular, each within its share)',
  priority: 'priority',
  'tenant-tag': 'what their tenants had used of the class',
  'tenant-seq': 'the age of their tenants',
  'dag-finish': 'when their DAGs would have ended under equal shares',
  'dag-seq': 'the age of their DAGs',
  rank: 'the length of the path behind them',
  'ready-seq': 'having been ready first',
  'due-at': 'when their DAGs were overdue',
  'need-ms': 'the smallest need before the deadline',
  'flow-seq': 'the age of their flows',
  'deadline-at': 'deadline',
  'sla-bucket': 'deadline, by the quarter of an hour',
  unstarted: 'their DAGs having begun',
  'jobs-left': 'the jobs left in their DAGs',
  level: 'level',
  estimate: 'the shorter estimate',
  'dag-tag': 'what their DAGs had used of the class',
  reservation: 'having an executor reserved',
  none: 'having had room, which this one had not',
};

/** A field of the key as a rule. */
export function ruleWords(field: string): string {
  return RULES[field] ?? field;
}

/** Lanes of winner and runner-up, by their numbers; told apart only where the lane decides. */
interface Lanes {
  readonly own: number;
  readonly runnerUp: number;
}

/** A key of winner and runner-up, field by field: equal ones first, then the one that decides. */
export function keyWords(key: readonly KeyField[], decidedBy: string | null, lanes: Lanes): readonly string[] {
  if (decidedBy === null) return ['no other job was ready for the class'];
  if (decidedBy === 'reservation') return ['an executor was reserved for it: such a job starts before all others'];
  if (decidedBy === 'lane') {
    return lanes.own < lanes.runnerUp
      ? ['it left in an earlier lane than the runner-up would have']
      : ['regular work had not had its share: it left before the runner-up of an earlier lane'];
  }
  return key.map(({ field, value, runnerUp, higherFirst }) => {
    if (field !== decidedBy) return `same ${field} ${valueWords(field, value)}`;
    const order = higherFirst ? 'higher first' : 'smaller first';
    return `${field} ${valueWords(field, value)} before ${valueWords(field, runnerUp)} (${order})`;
  });
}
