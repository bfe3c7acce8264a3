/** The signals of the fabric: what is measured, from which moment to which, and in which unit it is kept. */

/** One of the signals that are distributions. */
export interface SignalInfo {
  readonly name: string;
  readonly title: string;
  /** What begins and what ends the time. */
  readonly from: string;
  readonly to: string;
  /** Values are kept as whole numbers of so many a millisecond. */
  readonly perMs: 1 | 1_000;
}

/** Upper bounds of the Prometheus buckets, in ms; the same for all, so that they can be compared. */
export const BUCKETS_MS = [
  0.1, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 10_000, 60_000, 300_000, 1_800_000, 10_800_000,
];

export const SIGNALS = {
  endToEnd: {
    name: 'end-to-end',
    title: 'End to end',
    from: 'a submission was received',
    to: 'the turn with the end of its DAG was accepted',
    perMs: 1,
  },
  frontierWait: {
    name: 'frontier-wait',
    title: 'Frontier wait',
    from: 'a submission was received',
    to: 'the turn in which the first job of its DAG became ready was accepted',
    perMs: 1,
  },
  planningTime: {
    name: 'planning-time',
    title: 'Candidate planning time',
    from: 'the planning of a turn began',
    to: 'it had ended',
    perMs: 1_000,
  },
  leaseTime: {
    name: 'lease-time',
    title: 'Lease time',
    from: 'the turn that granted a lease was computed',
    to: 'it was durable',
    perMs: 1_000,
  },
  slotWait: {
    name: 'slot-wait',
    title: 'Slot wait',
    from: 'a job became ready',
    to: 'its slot was reserved',
    perMs: 1,
  },
  slotOccupancy: {
    name: 'slot-occupancy',
    title: 'Slot occupancy (effective runtime)',
    from: 'a slot was reserved',
    to: 'it was released',
    perMs: 1,
  },
  callbackToRelease: {
    name: 'callback-to-release',
    title: 'Callback to release',
    from: 'a callback was received',
    to: 'the turn in which it released its slot was accepted',
    perMs: 1,
  },
} as const satisfies Readonly<Record<string, SignalInfo>>;

export type SignalKey = keyof typeof SIGNALS;

export const SIGNAL_KEYS = Object.keys(SIGNALS) as SignalKey[];

/** The signal that is a share, not a time. */
export const PRESSURE = {
  name: 'sla-pressure',
  title: 'SLA pressure',
  about: 'The share of open DAGs that are at risk or past a deadline, by class and priority.',
} as const;
