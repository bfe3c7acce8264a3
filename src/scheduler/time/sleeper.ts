import type { LoopTimers } from '../ports.js';

/** A sleep that can be ended early. A call of `wake` while nobody sleeps does nothing: look at what there is first. */
export class Sleeper {
  #wake: () => void = () => undefined;

  constructor(private readonly timers: LoopTimers) {}

  /** Ends the sleep. */
  readonly wake = (): void => this.#wake();

  /** Sleeps for so many ms at most. */
  async sleep(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const cancel = this.timers.after(Math.ceil(ms), resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
    this.#wake = () => undefined;
  }
}
