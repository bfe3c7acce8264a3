import { fileURLToPath } from 'node:url';
import type { FromRunner, Offered } from './messages.js';
import { RunnerProcess } from './runner-process.js';
import { Watcher } from './watcher.js';

/** The compiled files of this package: they don't change while somebody develops an executor. */
const OWN = fileURLToPath(new URL('../../..', import.meta.url));

/** What a session tells: what its processes say of jobs, and what becomes of the file. */
export interface SessionEvents {
  /** The executors of the file are those now; `isNew` is false for the first time. */
  loaded(executors: readonly Offered[], isReload: boolean): void;
  changed(files: readonly string[]): void;
  /** The file can't be used; what ran before it runs on. */
  broken(what: string, isRunning: boolean): void;
  heard(message: FromRunner): void;
  /** The process of the newest executors has ended by itself. */
  died(code: number | null): void;
}

/**
 * Runs the executors of a file, each state of it in a process of its own. A changed file is loaded beside the one that
 * runs; if it can be used, the one before takes no more jobs, ends those that it has, and ends.
 */
export class DevSession {
  readonly #watcher = new Watcher((files) => this.#reload(files));
  readonly #draining = new Set<Promise<void>>();
  #running: RunnerProcess | null = null;
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
      else this.#replace(from, message.executors);
    } else this.events.heard(message);
  }

  #replace(next: RunnerProcess, executors: readonly Offered[]): void {
    const before = this.#running;
    this.#running = next;
    this.events.loaded(executors, before !== null);
    if (before !== null) this.#retire(before);
    next.work();
  }

  #retire(runner: RunnerProcess): void {
    const drained = runner.drain().finally(() => this.#draining.delete(drained));
    this.#draining.add(drained);
  }

  #ended(runner: RunnerProcess, code: number | null): void {
    if (runner === this.#loading) {
      this.#loading = null;
      // The file ends the process by itself, as for a setting that is missing.
      const how = code === null ? 'by a signal' : `with ${code}`;
      this.events.broken(`its process ended ${how} while it was loaded`, this.#running !== null);
    }
    if (runner !== this.#running) return;
    this.#running = null;
    this.events.died(code);
  }
}

/** The files of the person who develops, as paths; not those of packages. */
function watchable(files: readonly string[]): readonly string[] {
  const paths = files.map((file) => (file.startsWith('file:') ? fileURLToPath(file.replace(/[?#].*$/, '')) : file));
  const own = paths.filter((path) => !path.startsWith(OWN) && !/[\\/]node_modules[\\/]/.test(path));
  return [...new Set(own)];
}
