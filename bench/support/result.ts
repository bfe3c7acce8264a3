/** What a benchmark takes and gives. */
import type { Machine } from './machine.js';
import type { Speed } from './speed.js';

export interface BenchOptions {
  /** How long is measured, in seconds, where a benchmark runs for a time. */
  readonly seconds: number;
  /** How long it runs before that. */
  readonly warmUpSeconds: number;
  /** A factor for what a benchmark makes beforehand (jobs, events); 1 is the size that the target is for. */
  readonly scale: number;
  /**
   * Jobs of ended DAGs that the fabric keeps: beyond it DAGs are forgotten as fast as others come in, which is part of
   * what a job costs in the long run.
   */
  readonly retainedJobs: number;
  /** Whether profiles are kept, as files for a viewer. */
  readonly keepProfiles: boolean;
  /** The scenarios that are run, by name; all of them where empty. */
  readonly only: readonly string[];
  /** How often each fault happens, where faults are made to happen. */
  readonly rounds: number;
  /** For how long faults of all kinds happen by chance instead; null for rounds of each. */
  readonly minutes: number | null;
  /** A folder of instances in WfFormat, for the scenario that needs them. */
  readonly instances: string | null;
  /** A file to which what a long benchmark has measured is written as it comes, and from which it goes on. */
  readonly rows: string | null;
  /** A folder of its own on a real disk; it is removed afterwards. */
  readonly folder: string;
  /** Tells a person what is happening. */
  readonly note: (text: string) => void;
}

/** What one part of the program costs. */
export interface PartCost {
  readonly part: string;
  /** Of all the time that was looked at, idle time apart. */
  readonly share: number;
  /** Time of the processor for each job or event, in microseconds; null where there is nothing to divide by. */
  readonly usEach: number | null;
}

export interface Measured {
  readonly value: number;
  readonly unit: 'jobs/s' | 'events/s' | 'decisions/s' | 'ms' | 'bytes' | 's' | 'cells' | 'times';
  readonly target: number;
  readonly better: 'higher' | 'lower';
  /** What limits it: computed from a profile or from measured utilisation. */
  readonly bound: string;
  readonly parts: readonly PartCost[];
  /** Everything else that was measured, by name. */
  readonly details: Readonly<Record<string, unknown>>;
}

export interface Bench {
  readonly name: string;
  readonly summary: string;
  run(options: BenchOptions): Promise<Measured>;
}

export interface BenchResult extends Measured {
  readonly name: string;
  /** The machine, and how fast a thread of it was just before and just after: what the value is to be read by. */
  readonly machine: Machine & { readonly speed: { readonly before: Speed; readonly after: Speed } };
}
