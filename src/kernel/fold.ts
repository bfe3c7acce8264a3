import type { BlobRef, InputEntry, SubmitDag } from '../catalogue/generated/types.js';
import { JobFlag } from './rows/flags.js';
import type { State } from './rows/state.js';

/** Cold rows: immutable, written once, never read by `evolve`. */
export type ColdRow =
  | {
      readonly kind: 'spec';
      readonly dag: number;
      readonly submission: SubmitDag;
      /** Its canonical bytes, where the edge left them with the input. */
      readonly encoded: Uint8Array | null;
    }
  | {
      readonly kind: 'output';
      readonly dag: number;
      readonly job: number;
      readonly attempt: number;
      readonly json: Uint8Array | null;
      readonly blob: BlobRef | null;
    }
  | {
      readonly kind: 'failure';
      readonly dag: number;
      readonly job: number;
      readonly attempt: number;
      readonly code: string;
      readonly message: string;
    }
  /** The rows of a job's attempts, or (job -1) the submission, are no more: the DAG is forgotten. */
  | {
      readonly kind: 'gone';
      readonly dag: number;
      readonly job: number;
      readonly attempts: number;
      readonly outputs: boolean;
      readonly failures: boolean;
    };

/** Where the fold puts cold rows; an auditor that needs none takes a sink that drops them. */
export type ColdSink = (row: ColdRow) => void;

/** What `evolve` sees beside the event: the state, the turn's clocks, and the input that caused the event. */
export interface Fold {
  readonly state: State;
  /** Number of the turn. */
  turn: number;
  /** Journal time in ms. */
  at: number;
  /** Running time: journal time less the gaps in which the fabric could not act. */
  running: number;
  /** The input that caused the event; null for timers, continuations, the plan and facts of the shell. */
  input: InputEntry | null;
  readonly cold: ColdSink;
}

/** How many slots a job needs. */
export function slotsOf(state: State, job: number): number {
  return state.jobs.c.moreSlots[job]! + 1;
}

/** The same of a job that is ready: most need one, and its shape says so, which lies with what is looked at anyway. */
export function slotsOfReady(state: State, job: number): number {
  return (state.jobs.c.flags[job]! & JobFlag.wide) === 0 ? 1 : slotsOf(state, job);
}

/** Sequence number of the class that a lease's slots are of: its executor keeps its class while slots are in use. */
export function classOfLease(state: State, lease: number): number {
  const { executors, leases } = state;
  return executors.c.class[executors.find(leases.c.executor[lease]!)]!;
}

/** Whether the lease belongs to its executor's incarnation: granted to it, or listed by one of its registrations. */
export function isOfIncarnation(state: State, lease: number): boolean {
  const { executors, leases } = state;
  const executor = executors.find(leases.c.executor[lease]!);
  const adopted = leases.c.session[lease]!;
  if (adopted !== 0) return adopted >= executors.c.firstSession[executor]!;
  return leases.keyA[lease]! > executors.c.tokensAfter[executor]!;
}
