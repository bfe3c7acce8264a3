import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Trial, titleOf } from './trial.js';
import type { TrialMessage } from './trial-process.js';

interface Asked {
  readonly trial: Trial;
  readonly resolve: (values: readonly number[]) => void;
  readonly reject: (error: Error) => void;
}

/** Processes that run trials, one each at a time, in the order in which they are asked for. */
export class Crew {
  readonly #waiting: Asked[] = [];
  readonly #idle: ChildProcess[];
  readonly #all: readonly ChildProcess[];

  constructor(size: number, instances: string | null) {
    const program = fileURLToPath(new URL('./trial-process.js', import.meta.url));
    const args = instances === null ? [] : [instances];
    // 'advanced' knows NaN, which is what a percentile of nothing is.
    this.#all = Array.from({ length: size }, () => fork(program, args, { serialization: 'advanced' }));
    this.#idle = [...this.#all];
  }

  run(trial: Trial): Promise<readonly number[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ trial, resolve, reject });
      this.#next();
    });
  }

  stop(): void {
    for (const child of this.#all) child.kill('SIGKILL');
  }

  #next(): void {
    const child = this.#idle.at(-1);
    if (child === undefined || this.#waiting.length === 0) return;
    this.#idle.pop();
    const { trial, resolve, reject } = this.#waiting.shift()!;
    const ended = (code: number | null, signal: string | null): void =>
      reject(new Error(`the process of ${titleOf(trial)} ended with ${code ?? signal}`));
    child.once('exit', ended);
    child.once('message', (values: readonly number[]) => {
      child.off('exit', ended);
      resolve(values);
      this.#idle.push(child);
      this.#next();
    });
    child.send({ scenario: trial.scenario.id, policy: trial.policy, seed: trial.seed } satisfies TrialMessage);
  }
}
