import { EvidenceField } from '../../catalogue/generated/codes.js';
import { type KeyPart, ofDag, ofJob, partsOf } from './key.js';
import { Levels } from './levels.js';
import { OrderedPolicy } from './ordered.js';
import type { Policy, PolicyView } from './policy.js';

/** What `level-first@1` and `strict-priority@1` have in common: DAGs that have begun, deep jobs and short ones first. */
export function begunParts(view: PolicyView): { readonly [name in 'unstarted' | 'level' | 'estimate']: KeyPart } {
  const { dags, jobs } = view.state;
  const levels = new Levels(view.state);
  return {
    unstarted: ofDag(EvidenceField.unstarted, ({ dag }) => (dags.c.startedAtMs[dag] === 0 ? 1 : 0)),
    level: ofJob(EvidenceField.level, ({ job }) => levels.of(job), true),
    estimate: ofJob(EvidenceField.estimate, ({ job }) => jobs.c.estimateMs[job]!),
  };
}

/** `level-first@1`: what has begun and is deepest in its DAG first, priority after that. */
export function levelFirst(view: PolicyView): Policy {
  const { unstarted, level, estimate } = begunParts(view);
  const { priority, readySeq } = partsOf(view.state);
  return new OrderedPolicy('level-first@1', view, [unstarted, level, priority, estimate, readySeq], true);
}
