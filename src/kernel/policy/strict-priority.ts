import { EvidenceField } from '../../catalogue/generated/codes.js';
import { ofDag, partsOf } from './key.js';
import { begunParts } from './level-first.js';
import { OrderedPolicy } from './ordered.js';
import type { Policy, PolicyView } from './policy.js';
import { SlaBuckets } from './sla-buckets.js';

/** `strict-priority@1`: priority, then the latest by the quarter of an hour, then what has begun and is nearly done. */
export function strictPriority(view: PolicyView): Policy {
  const { dags } = view.state;
  const { unstarted, level, estimate } = begunParts(view);
  const { priority, readySeq } = partsOf(view.state);
  const buckets = new SlaBuckets(view.state);
  const slaBucket = ofDag(EvidenceField.slaBucket, ({ dag }) => buckets.of(dag), true);
  const jobsLeft = ofDag(EvidenceField.jobsLeft, ({ dag }) => dags.c.jobsLeft[dag]!);
  const key = [priority, slaBucket, unstarted, jobsLeft, level, estimate, readySeq];
  return new OrderedPolicy('strict-priority@1', view, key, true, buckets);
}
