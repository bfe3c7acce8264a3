import { JobState } from '../../catalogue/generated/codes.js';
import type { LoopTimers } from '../ports.js';
import type { ColdRows } from '../rows/cold.js';
import { type Child, jobStateName } from './jobs.js';
import { outputView } from './output.js';
import type { ChildView, Collection } from './port.js';

interface CollectionParts {
  readonly cold: ColdRows;
  readonly timers: Pick<LoopTimers, 'pause'>;
  /** Whether the fold still knows the DAG. */
  isKnown(): boolean;
}

/**
 * Children of a fan-out as they stood in one turn. Outputs are fetched as they are asked for, and not kept: those of one
 * page may be hundreds of MiB. That they come later makes no difference, since the output of an attempt never changes; only
 * when a DAG is forgotten its outputs go.
 */
export class FoldCollection implements Collection {
  #at = 0;

  constructor(
    private readonly parts: CollectionParts,
    private readonly children: readonly Child[],
  ) {}

  get count(): number {
    return this.children.length;
  }

  async next(atMost: number): Promise<readonly ChildView[] | null> {
    const { cold, timers } = this.parts;
    if (this.#at > 0) await timers.pause();
    const some = this.children.slice(this.#at, this.#at + atMost);
    this.#at += some.length;
    const outputs = await cold.peekOutputs(some.filter(({ hasOutput }) => hasOutput));
    // An attempt may have ended without an output, which is null, too: it is so where the DAG is known after the look.
    if (outputs.includes(null) && !this.parts.isKnown()) return null;
    let next = 0;
    return some.map(({ index, state, hasOutput }) => {
      const output = hasOutput ? outputs[next++]! : null;
      return { index, state: jobStateName(state), output: state === JobState.succeeded ? outputView(output) : null };
    });
  }
}
