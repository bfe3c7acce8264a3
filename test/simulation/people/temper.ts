/** What an executor is like, for each of its processes. */
import type { LeaseRef } from '../../../src/catalogue/generated/types.js';
import type { Chance } from '../chance.js';
import type { World } from './world.js';

/** A job under way. */
export interface Work {
  readonly lease: LeaseRef;
  readonly slots: number;
}

/** How an executor works and fails. */
export interface Temper {
  /** Mean time of a job in ms. */
  readonly workMs: number;
  /** Share of jobs that end so; the rest succeed. */
  readonly fails: number;
  readonly returns: number;
  /** Share of jobs that it never ends by itself. */
  readonly hangs: number;
  /** It doesn't stop what it is asked to stop. */
  isDeaf: boolean;
}

/** An executor as one of its processes sees it. */
export interface Employer {
  readonly id: string;
  readonly world: World;
  readonly chance: Chance;
  readonly temper: Temper;
  readonly slots: number;
  readonly sessionMs: number;
  readonly executorClass: string;
  /** Whether a process is the one that has the name now. */
  isCurrent(process: object): boolean;
  crash(downMs: number, how: 'empty'): void;
}
