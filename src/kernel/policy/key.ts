import { EvidenceField } from '../../catalogue/generated/codes.js';
import { tagKey } from '../rows/keys.js';
import type { State } from '../rows/state.js';
import type { Choice, Difference, KeyValue } from './policy.js';

/** One field of a key: its number in the evidence, its value of a job, and whether the higher value comes first. */
export interface KeyPart {
  readonly field: number;
  readonly of: (choice: Choice) => number;
  readonly descends: boolean;
  /** What decides the value, in a class: two jobs that have that in common have the same value. */
  readonly by: 'tenant' | 'dag' | 'job';
}

/** A field that a tenant and a priority decide: only for a key that has the priority before it. */
export function ofTenant(field: number, of: (choice: Choice) => number): KeyPart {
  return { field, of, descends: false, by: 'tenant' };
}

/** A field that the DAG decides. */
export function ofDag(field: number, of: (choice: Choice) => number, descends = false): KeyPart {
  return { field, of, descends, by: 'dag' };
}

/** A field that jobs of one DAG differ in. */
export function ofJob(field: number, of: (choice: Choice) => number, descends = false): KeyPart {
  return { field, of, descends, by: 'job' };
}

/**
 * A key: the fields by which jobs of a class are compared, in that order. The last one is never the same of two jobs. What
 * two jobs have in common is not looked up, for they are compared with each dispatch.
 */
export class Key {
  private readonly amongDags: readonly KeyPart[];
  private readonly amongJobs: readonly KeyPart[];

  constructor(
    private readonly state: State,
    private readonly parts: readonly KeyPart[],
  ) {
    this.amongDags = parts.filter(({ by }) => by !== 'tenant');
    this.amongJobs = parts.filter(({ by }) => by === 'job');
  }

  /** The fields in which two choices may differ. */
  private partsFor(a: Choice, b: Choice): readonly KeyPart[] {
    if (a.dag === b.dag) return this.amongJobs;
    const { tenant } = this.state.dags.c;
    return tenant[a.dag] === tenant[b.dag] ? this.amongDags : this.parts;
  }

  /** Whether the first choice comes before the second. */
  isBefore(a: Choice, b: Choice): boolean {
    for (const { of, descends } of this.partsFor(a, b)) {
      const x = of(a);
      const y = of(b);
      if (x !== y) return descends ? x > y : x < y;
    }
    return false;
  }

  /** The first field in which two choices differ, with the second one's value. */
  difference(a: Choice, b: Choice): Difference {
    for (const { field, of } of this.partsFor(a, b)) {
      const value = of(b);
      if (of(a) !== value) return { field, value };
    }
    return { field: EvidenceField.none, value: 0 };
  }

  /** The values by which a choice is compared, in the order of the comparison. */
  valuesOf(choice: Choice): readonly KeyValue[] {
    return this.parts.map(({ field, of, descends }) => ({ field, value: of(choice), descends }));
  }
}

/** The fields that several keys have in common. */
export function partsOf(state: State) {
  const { jobs, dags, tags, flows } = state;
  return {
    priority: ofDag(EvidenceField.priority, ({ dag }) => dags.c.priority[dag]!, true),
    tenantTag: ofTenant(EvidenceField.tenantTag, ({ job, dag }) => {
      const key = tagKey(jobs.c.class[job]!, dags.c.priority[dag]!);
      return tags.c.tag[tags.find(key, dags.c.tenant[dag]!)]!;
    }),
    tenantSeq: ofTenant(EvidenceField.tenantSeq, ({ dag }) => dags.c.tenant[dag]!),
    dagFinish: ofDag(EvidenceField.dagFinish, ({ dag }) => dags.c.dagFinish[dag]!),
    dagSeq: ofDag(EvidenceField.dagSeq, ({ dag }) => dags.keyA[dag]!),
    rank: ofJob(EvidenceField.rank, ({ job }) => jobs.c.rank[job]!, true),
    readySeq: ofJob(EvidenceField.readySeq, ({ job }) => jobs.c.readySeq[job]!),
    dueAt: ofDag(EvidenceField.dueAt, ({ dag }) => dags.c.dueAtMs[dag]!),
    needMs: ofJob(EvidenceField.needMs, ({ flow }) => flows.c.needMs[flow]!),
    flowSeq: ofJob(EvidenceField.flowSeq, ({ flow }) => flows.c.flowSeq[flow]!),
  } as const;
}
