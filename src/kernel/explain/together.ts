/** Explains many jobs at one moment: what those of a class have in common is found once, and not for each of them. */
import { JobState, Shape } from '../../catalogue/generated/codes.js';
import { shapeOf } from '../evolve/flows.js';
import { slotsOf } from '../fold.js';
import { MAX_JOB_SLOTS } from '../limits.js';
import type { Choice } from '../policy/policy.js';
import { aheadOf, firstByKey, firstWithRoom } from './ahead.js';
import type { Blocked } from './blocked.js';
import { explain, isOpen } from './index.js';
import type { Scene } from './scene.js';

/** Reasons that ready jobs of a class have in common that need as many slots, while nothing is reserved in it. */
const IN_COMMON: ReadonlySet<Blocked['reason']> = new Set([
  'no-executor-in-class',
  'larger-than-any-executor',
  'all-cordoned-or-draining',
  'class-limit',
  'rate-limited',
  'slot-reclaiming',
]);

/** What holds up all ready jobs of a class that need as many slots and are as long, but for one. */
interface InCommon {
  readonly blocked: Blocked;
  /** Row of the job that it isn't said of; 0: of all. */
  readonly except: number;
  /** Who starts before them, where that is a part of it. */
  readonly first: Choice | null;
}

export class Together {
  readonly #scene: Scene;
  readonly #asksPosition: boolean;
  readonly #found = new Map<number, InCommon | null>();

  /** The state must stay as it is. */
  constructor(scene: Scene, asksPosition = true) {
    this.#scene = scene;
    this.#asksPosition = asksPosition;
  }

  /** The same as `explain`; of a job without a slot only then who comes before it when that is asked. */
  explain(dag: number, job: number, after: readonly number[], asksAhead = true): Blocked | null {
    const { state } = this.#scene;
    if (state.jobs.c.state[job] !== JobState.ready || !isOpen(state, dag)) {
      return explain(this.#scene, dag, job, after, this.#asksPosition);
    }
    const slots = slotsOf(state, job);
    const isLong = shapeOf(state.jobs.c.flags[job]!) === Shape.long;
    const classSeq = state.jobs.c.class[job]!;
    const key = (classSeq * (MAX_JOB_SLOTS + 1) + slots) * 2 + Number(isLong);
    const known = this.#found.get(key);
    if (known && known.except !== job) {
      if (!asksAhead || known.blocked.reason !== 'no-free-slot') return known.blocked;
      if (this.#isFirstOfSize(job, slots)) {
        return { ...known.blocked, ahead: known.first && aheadOf(this.#scene, known.first, dag, job) };
      }
    }
    const blocked = explain(this.#scene, dag, job, after);
    // Of a long job that starts before all others as soon as it can, other things may be said than of the others.
    const isAlone = isLong && firstWithRoom(this.#scene, classSeq, slots) === job;
    if (known === undefined && !isAlone) this.#found.set(key, this.#inCommon(blocked, classSeq, slots));
    return blocked;
  }

  /** Whether the first job of its flow needs as many slots as it does itself. */
  #isFirstOfSize(job: number, slots: number): boolean {
    const { state, indexes } = this.#scene;
    return slotsOf(state, indexes.policy.headOf(indexes.heads.flow(job))) === slots;
  }

  #inCommon(blocked: Blocked | null, classSeq: number, slots: number): InCommon | null {
    const { state } = this.#scene;
    if (blocked === null || state.classes.c.reservedExecutor[state.classes.find(classSeq)] !== 0) return null;
    if (IN_COMMON.has(blocked.reason)) return { blocked, except: 0, first: null };
    if (blocked.reason === 'reserved-for-short-work') {
      return { blocked, except: firstWithRoom(this.#scene, classSeq, slots), first: null };
    }
    if (blocked.reason !== 'no-free-slot' || slots <= blocked.widest) return null;
    const first = firstByKey(this.#scene, classSeq, 0, blocked.widest > 0);
    return { blocked: { ...blocked, ahead: null }, except: first?.job ?? 0, first };
  }
}
