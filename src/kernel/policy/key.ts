import { EvidenceField } from '../../catalogue/generated/codes.js';
import { tagKey } from '../fold.js';
import type { State } from '../state.js';
import type { Choice, Difference, KeyValue } from './policy.js';

/** One field of a key: its number in the evidence, its value of a job, and whether the higher value comes first. */
export interface KeyPart {
  readonly field: number;
  readonly of: (choice: Choice) => number;
  readonly descends?: boolean;
  /** Whether two choices have the same value for certain, where that is cheaper to see than the values. */
  readonly same?: (a: Choice, b: Choice) => boolean;
}

/** A key: the fields in the order in which they are compared. The last one is never the same of two jobs. */
export type Key = readonly KeyPart[];

/** Whether the first choice comes before the second by the key. */
export function isBefore(key: Key, a: Choice, b: Choice): boolean {
  for (const { of, descends } of key) {
    const x = of(a);
    const y = of(b);
    if (x !== y) return descends === true ? x > y : x < y;
  }
  return false;
}

/** The first field in which two choices differ, with the second one's value. */
export function difference(key: Key, a: Choice, b: Choice): Difference {
  for (const { field, of, same } of key) {
    if (same?.(a, b)) continue;
    const value = of(b);
    if (of(a) !== value) return { field, value };
  }
  return { field: EvidenceField.none, value: 0 };
}

/** The values by which a choice is compared, in the order of the comparison. */
export function valuesOf(key: Key, choice: Choice): readonly KeyValue[] {
  return key.map(({ field, of, descends }) => ({ field, value: of(choice), descends: descends === true }));
}

/** The fields that several keys have in common. */
export function partsOf(state: State) {
  const { jobs, dags, tags, flows } = state;
  return {
    priority: { field: EvidenceField.priority, of: ({ dag }: Choice) => dags.c.priority[dag]!, descends: true },
    tenantTag: {
      field: EvidenceField.tenantTag,
      of: ({ job, dag }: Choice) => {
        const key = tagKey(jobs.c.class[job]!, dags.c.priority[dag]!);
        return tags.c.tag[tags.find(key, dags.c.tenant[dag]!)]!;
      },
      same: (a: Choice, b: Choice) => dags.c.tenant[a.dag] === dags.c.tenant[b.dag],
    },
    tenantSeq: { field: EvidenceField.tenantSeq, of: ({ dag }: Choice) => dags.c.tenant[dag]! },
    dagFinish: { field: EvidenceField.dagFinish, of: ({ dag }: Choice) => dags.c.dagFinish[dag]! },
    dagSeq: { field: EvidenceField.dagSeq, of: ({ dag }: Choice) => dags.keyA[dag]! },
    rank: { field: EvidenceField.rank, of: ({ job }: Choice) => jobs.c.rank[job]!, descends: true },
    readySeq: { field: EvidenceField.readySeq, of: ({ job }: Choice) => jobs.c.readySeq[job]! },
    dueAt: { field: EvidenceField.dueAt, of: ({ dag }: Choice) => dags.c.dueAtMs[dag]! },
    needMs: { field: EvidenceField.needMs, of: ({ flow }: Choice) => flows.c.needMs[flow]! },
    flowSeq: { field: EvidenceField.flowSeq, of: ({ flow }: Choice) => flows.c.flowSeq[flow]! },
  } as const;
}
