import { fileURLToPath } from 'node:url';
import type { FromRunner, Offered } from './messages.js';
import { RunnerProcess } from './runner-process.js';
import { Watcher } from './watcher.js';

/** The compiled files of this package: they don't change while somebody develops an executor. */
const OWN = fileURLToPath(new URL('../../..', import.meta.url));

/** What a session tells: what its processes say of jobs, and what becomes of the file. */
export interface SessionEvents {
  /** The executors of the file are those now; `isReload` is false for the first time. */
  loaded(executors: readonly Offered[], isReload: boolean): void;
  /** Whether loaded executors wait for the fabric to take them; what ran before them may go on meanwhile. */
  registering(isWaiting: boolean): void;
  changed(files: readonly string[]): void;
  /** The file can't be used; what ran before it runs on. */
  broken(what: string, isRunning: boolean): void;
  heard(message: FromRunner): void;
  /** The process of the newest executors has ended by itself. */
  died(code: number | null): void;
}

/** A process whose executors the fabric doesn't have yet, beside one whose it has. */
interface Newcomer {
  readonly runner: RunnerProcess;
  readonly executors: readonly Offered[];
}

/**
 * Runs the executors of a file, each state of it in a process of its own. A changed file is loaded beside the one that
 * runs; once the fabric has taken its executors, the one before takes no more jobs, ends those that it has, and ends.
 */
export class DevSession {
  readonly #watcher = new Watcher((files) => this.#reload(files));
  readonly #draining = new Set<Promise<void>>();
  #running: RunnerProcess | null = null;
  #newcomer: Newcomer | null = null;
  #loading: RunnerProcess | null = null;

  constructor(
    private readonly file: string,
    private readonly url: string,
    private readonly events: SessionEvents,
  ) {}

  start(): void {
    this.#watcher.watch([this.file]);
    this.#load();
  }

  /** Ends everything; jobs that run may end first. */
  async close(): Promise<void> {
    this.#watcher.close();
    const loading = this.#loading;
    this.#loading = null;
    loading?.kill();
    this.#dismiss();
    if (this.#running !== null) this.#retire(this.#running);
    this.#running = null;
    await Promise.all(this.#draining);
  }

  #reload(files: readonly string[]): void {
    this.events.changed(files);
    this.#loading?.kill();
    this.#load();
  }

  #load(): void {
    const next: RunnerProcess = new RunnerProcess(this.file, this.url, (message) => this.#hear(next, message));
    this.#loading = next;
    void next.ended.then((code) => this.#ended(next, code));
  }

  #hear(from: RunnerProcess, message: FromRunner): void {
    if (message.kind === 'loaded' || message.kind === 'broken') {
      if (from !== this.#loading) return;
      this.#loading = null;
      this.#watcher.watch(watchable([this.file, ...message.files]));
      if (message.kind === 'broken') this.events.broken(message.what, this.#running !== null);
      else this.#begin(from, message.executors);
    } else if (message.kind === 'ready') {
      if (from === this.#newcomer?.runner) this.#takeOver(this.#newcomer);
      if (from === this.#running) this.events.heard(message);
    } else if (message.kind === 'refused' && from === this.#newcomer?.runner) {
      this.#giveUp(message.what);
    } else this.events.heard(message);
  }

  #begin(runner: RunnerProcess, executors: readonly Offered[]): void {
    this.#dismiss();
    if (this.#running === null) {
      this.#running = runner;
      this.events.loaded(executors, false);
    } else this.#newcomer = { runner, executors };
    this.events.registering(true);
    runner.work();
  }

  #takeOver({ runner, executors }: Newcomer): void {
    this.#newcomer = null;
    if (this.#running !== null) this.#retire(this.#running);
    this.#running = runner;
    this.events.loaded(executors, true);
  }

  /** The newcomer has ended: what ran before it stays. */
  #giveUp(what: string): void {
    this.#newcomer = null;
    this.events.registering(false);
    this.events.broken(what, true);
  }

  /** Ends the one that has not taken over, if there is one; some of its executors may have jobs. */
  #dismiss(): void {
    if (this.#newcomer !== null) this.#retire(this.#newcomer.runner);
    this.#newcomer = null;
  }

  #retire(runner: RunnerProcess): void {
    const drained = runner.drain().finally(() => this.#draining.delete(drained));
    this.#draining.add(drained);
  }

  #ended(runner: RunnerProcess, code: number | null): void {
    // The file ends the process by itself, as for a setting that is missing.
    const how = code === null ? 'by a signal' : `with ${code}`;
    if (runner === this.#loading) {
      this.#loading = null;
      this.events.broken(`its process ended ${how} while it was loaded`, this.#running !== null);
    }
    if (runner === this.#newcomer?.runner) {
      this.#giveUp(`its process ended ${how} before it was registered`);
    }
    if (runner !== this.#running) return;
    this.#running = null;
    this.events.died(code);
    if (this.#newcomer === null) return;
    this.#takeOver(this.#newcomer);
    this.events.registering(true);
  }
}

/** The files of the person who develops, as paths; not those of packages. */
function watchable(files: readonly string[]): readonly string[] {
  const paths = files.map((file) => (file.startsWith('file:') ? fileURLToPath(file.replace(/[?#].*$/, '')) : file));
  const own = paths.filter((path) => !path.startsWith(OWN) && !/[\\/]node_modules[\\/]/.test(path));
  return [...new Set(own)];
}
