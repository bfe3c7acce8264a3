/** Histories turn by turn, with what its shell notes when a fabric was stopped. */
import type { History } from '../../../replay/index.js';
import { ScratchFold } from '../../../replay/scratch-fold.js';
import { Code } from '../../../src/catalogue/generated/codes.js';
import type { TurnRecord } from '../../../src/catalogue/generated/types.js';
import { Envelopes } from '../../../src/simulate/cell/envelopes.js';
import type { Arrival } from '../../../src/simulate/cell/world.js';
import { shellEvent } from '../kernel/build.js';
import { recordOf } from '../kernel/bytes.js';
import { chained } from './history.js';
import { at } from './stage.js';

export const SESSION_MS = 30_000;

/** Records turns as a fabric makes them: each with its inputs, or with what its shell notes. */
export class Recorder {
  readonly #fold = new ScratchFold({ keepsOutputs: true });
  readonly #envelopes = new Envelopes('r');
  readonly #turns: TurnRecord[] = [];
  #stoppedMs = 0;

  async turn(ms: number, code?: Arrival['code'], body?: Arrival['body'], stoppedMs?: number): Promise<void> {
    const isElected = stoppedMs !== undefined;
    this.#stoppedMs += stoppedMs ?? 0;
    const noLossBeforeMs = at(ms) - this.#stoppedMs + SESSION_MS;
    const shell = isElected
      ? [shellEvent(Code.LeaderElected, { epoch: 1, noLossBeforeMs }), shellEvent(Code.TimeLeapt, { gapMs: stoppedMs })]
      : [];
    const request = {
      turn: this.#turns.length + 1,
      at: at(ms),
      stoppedMs: this.#stoppedMs,
      shell,
      inputs: code === undefined ? [] : [this.#envelopes.input(at(ms), code, body!)],
      caughtUp: true,
      published: this.#turns.length,
    };
    const result = await this.#fold.compute('main', request);
    this.#turns.push(recordOf(request, result));
  }

  history(): History {
    return chained(this.#turns);
  }
}
