import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Counts, FromLoad, LoadOptions, ToLoad } from './messages.js';

/** The load's process, seen from the benchmark. */
export class LoadProcess {
  private constructor(private readonly child: ChildProcess) {}

  /** Starts it; resolves when its executors are registered and the first submissions are under way. */
  static async start(options: LoadOptions): Promise<LoadProcess> {
    const child = fork(fileURLToPath(new URL('./main.js', import.meta.url)), { execArgv: [] });
    const load = new LoadProcess(child);
    await load.#ask({ type: 'start', options }, 'started');
    return load;
  }

  get pid(): number {
    return this.child.pid!;
  }

  async count(): Promise<Counts> {
    return (await this.#ask({ type: 'count' }, 'counted')).counts;
  }

  async finish(): Promise<Counts> {
    return (await this.#ask({ type: 'finish' }, 'finished')).counts;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => this.child.once('exit', () => resolve()));
    this.child.kill('SIGKILL');
    await ended;
  }

  #ask<T extends FromLoad['type']>(message: ToLoad, type: T): Promise<Extract<FromLoad, { readonly type: T }>> {
    return new Promise((resolve, reject) => {
      const done = (): void => {
        this.child.off('message', onMessage);
        this.child.off('exit', onExit);
      };
      const onMessage = (answer: FromLoad): void => {
        if (answer.type !== type && answer.type !== 'failed') return;
        done();
        if (answer.type === 'failed') reject(new Error(`the load has failed: ${answer.detail}`));
        else resolve(answer as Extract<FromLoad, { readonly type: T }>);
      };
      const onExit = (code: number | null): void => {
        done();
        reject(new Error(`the load's process ended with ${code}`));
      };
      this.child.on('message', onMessage);
      this.child.on('exit', onExit);
      this.child.send(message);
    });
  }
}
