import { EvidenceField } from '../../catalogue/generated/codes.js';
import { tagKey } from '../fold.js';
import type { State } from '../state.js';
import type { Choice, Difference, KeyValue } from './policy.js';

/** One field of a key: its number in the evidence, its value of a job, and whether the higher value comes first. */
export interface KeyPart {
  readonly field: number;
  readonly of: (choice: Choice) => number;
  readonly descends: boolean;
  /** Whether all jobs of a DAG in a class have the same value: it isn't looked up for two of them. */
  readonly isOfDag: boolean;
}

/** A field that the DAG decides, and the class in which jobs are compared. */
export function ofDag(field: number, of: (choice: Choice) => number, descends = false): KeyPart {
  return { field, of, descends, isOfDag: true };
}

/** A field that jobs of one DAG differ in. */
export function ofJob(field: number, of: (choice: Choice) => number, descends = false): KeyPart {
  return { field, of, descends, isOfDag: false };
}

/** A key: the fields in the order in which they are compared. The last one is never the same of two jobs. */
export type Key = readonly KeyPart[];

/** Whether the first choice comes before the second by the key. */
export function isBefore(key: Key, a: Choice, b: Choice): boolean {
  const isOneDag = a.dag === b.dag;
  for (const { of, descends, isOfDag } of key) {
    if (isOneDag && isOfDag) continue;
    const x = of(a);
    const y = of(b);
    if (x !== y) return descends ? x > y : x < y;
  }
  return false;
}

/** The first field in which two choices differ, with the second one's value. */
export function difference(key: Key, a: Choice, b: Choice): Difference {
  const isOneDag = a.dag === b.dag;
  for (const { field, of, isOfDag } of key) {
    if (isOneDag && isOfDag) continue;
    const value = of(b);
    if (of(a) !== value) return { field, value };
  }
  return { field: EvidenceField.none, value: 0 };
}

/** The values by which a choice is compared, in the order of the comparison. */
export function valuesOf(key: Key, choice: Choice): readonly KeyValue[] {
  return key.map(({ field, of, descends }) => ({ field, value: of(choice), descends }));
}

/** The fields that several keys have in common. */
export function partsOf(state: State) {
  const { jobs, dags, tags, flows } = state;
  return {
    priority: ofDag(EvidenceField.priority, ({ dag }) => dags.c.priority[dag]!, true),
    tenantTag: ofDag(EvidenceField.tenantTag, ({ job, dag }) => {
      const key = tagKey(jobs.c.class[job]!, dags.c.priority[dag]!);
      return tags.c.tag[tags.find(key, dags.c.tenant[dag]!)]!;
    }),
    tenantSeq: ofDag(EvidenceField.tenantSeq, ({ dag }) => dags.c.tenant[dag]!),
    dagFinish: ofDag(EvidenceField.dagFinish, ({ dag }) => dags.c.dagFinish[dag]!),
    dagSeq: ofDag(EvidenceField.dagSeq, ({ dag }) => dags.keyA[dag]!),
    rank: ofJob(EvidenceField.rank, ({ job }) => jobs.c.rank[job]!, true),
    readySeq: ofJob(EvidenceField.readySeq, ({ job }) => jobs.c.readySeq[job]!),
    dueAt: ofDag(EvidenceField.dueAt, ({ dag }) => dags.c.dueAtMs[dag]!),
    needMs: ofJob(EvidenceField.needMs, ({ flow }) => flows.c.needMs[flow]!),
    flowSeq: ofJob(EvidenceField.flowSeq, ({ flow }) => flows.c.flowSeq[flow]!),
  } as const;
}
