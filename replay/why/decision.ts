/** The dispatch of a lease as it was decided: the evidence in the journal, and the keys of winner and runner-up. */
import { Code, EvidenceField, LANE_NAMES } from '../../src/catalogue/generated/codes.js';
import type {
  EventEntry,
  Evidence,
  JobDispatched,
  LeaseGranted,
  TurnRecord,
} from '../../src/catalogue/generated/types.js';
import type { JobRef } from '../../src/kernel/explain/index.js';
import type { KeyValue } from '../../src/kernel/policy/policy.js';
import { fieldName, fieldValue } from '../../src/scheduler/views/evidence.js';
import type { Visitor } from '../fold.js';
import type { ScratchFold } from '../scratch-fold.js';
import { choiceOf } from './choice.js';

/** A field of the key, as winner and runner-up have it. */
export interface KeyField {
  readonly field: string;
  /** Null where there is none: its DAG has no deadline. */
  readonly value: number | null;
  /** The runner-up's; null where it has none, too, or where there was no runner-up, or it competes in another lane. */
  readonly runnerUp: number | null;
  readonly higherFirst: boolean;
}

/** A dispatch with what it rests on. */
export interface Decision {
  readonly token: number;
  readonly executor: number;
  readonly policy: string;
  readonly lane: string;
  readonly evidence: Evidence;
  readonly runnerUp: JobRef | null;
  /** The winner's key in its lane, field by field, up to the one that decides. */
  readonly key: readonly KeyField[];
  /** The field in which the winner wins; null without a runner-up. */
  readonly decidedBy: string | null;
}

/** Notes the decisions by which the attempts of a job were dispatched. The fold must follow. */
export class Decisions implements Visitor {
  readonly decisions = new Map<number, Decision>();

  /** `isWanted` says of which jobs. */
  constructor(private readonly isWanted: (job: JobRef) => boolean) {}

  event(entry: EventEntry, record: TurnRecord, fold: ScratchFold): void {
    if (entry.code !== Code.LeaseGranted || !this.isWanted(entry.body)) return;
    this.decisions.set(entry.body.token, decisionOf(entry.body, record, fold));
  }
}

function decisionOf(lease: LeaseGranted, record: TurnRecord, fold: ScratchFold): Decision {
  const { evidence } = dispatchOf(record, lease.token);
  const { policy } = fold.kernel.indexes;
  policy.advance(record.at);
  const runnerUp = evidence.runnerUpDag < 0 ? null : { dag: evidence.runnerUpDag, job: evidence.runnerUpJob };
  const winner = choiceOf(fold, lease, evidence.lane);
  const second = runnerUp === null ? null : choiceOf(fold, runnerUp, null);
  const decidedBy = second === null ? null : fieldName(evidence.decidedBy);
  // Where the lane decides, the runner-up competes in another one: the keys have other fields.
  const isSameLane = second !== null && evidence.decidedBy !== EvidenceField.lane;
  return {
    token: lease.token,
    executor: lease.executor,
    policy: fold.kernel.policy(),
    lane: LANE_NAMES.get(evidence.lane) ?? '',
    evidence,
    runnerUp,
    key: fieldsOf(policy.keyOf(winner), isSameLane ? policy.keyOf({ ...second, lane: winner.lane }) : null, decidedBy),
    decidedBy,
  };
}

function fieldsOf(
  winner: readonly KeyValue[],
  second: readonly KeyValue[] | null,
  decidedBy: string | null,
): readonly KeyField[] {
  const fields: KeyField[] = [];
  for (const [i, { field, value, descends }] of winner.entries()) {
    const name = fieldName(field);
    const other = second?.[i]?.value ?? null;
    fields.push({
      field: name,
      value: fieldValue(field, value),
      runnerUp: other === null ? null : fieldValue(field, other),
      higherFirst: descends,
    });
    if (name === decidedBy) break;
  }
  return fields;
}

function dispatchOf({ entries, turn }: TurnRecord, token: number): JobDispatched {
  for (const entry of entries) {
    if (entry.code === Code.JobDispatched && entry.body.token === token) return entry.body;
  }
  throw new Error(`assertion failed: lease ${token} of turn ${turn} has no dispatch`);
}
