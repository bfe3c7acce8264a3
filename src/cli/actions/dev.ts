import { existsSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import type { RemoteOptions } from '../arguments.js';
import type { FromRunner, JobPlace, Level, Offered } from '../dev/messages.js';
import { DevSession, type SessionEvents } from '../dev/session.js';
import { CliError, Exit } from '../exit.js';
import type { OutputOf } from '../outputs/index.js';
import { interruptible } from '../terminal/interrupt.js';
import type { Io } from '../terminal/io.js';
import { counted, duration } from '../text/format.js';
import { visible } from '../text/visible.js';

/** A fabric that answers does so sooner; after this long it is worth a word, in ms. */
const PATIENCE_MS = 5_000;

/** `marie dev`: runs the executors of a file, and those of its next state when it changes. */
export function dev(io: Io, given: string, options: RemoteOptions): Promise<void> {
  const file = resolve(given);
  if (!existsSync(file)) throw new CliError(Exit.Usage, 'file-not-found', 'there is no such file', { where: given });
  return interruptible(async (signal) => {
    const asked = new Promise<void>((done) => signal.addEventListener('abort', () => done()));
    const session = new DevSession(file, options.url, new Teller(io, given, options.url));
    session.start();
    await asked;
    io.note('ending: running jobs may end first; Ctrl-C again ends at once');
    await session.close();
  });
}

/** Whether a file is in a folder from which this package is not found. */
function isWithoutUs(what: string): boolean {
  return /Cannot find (module|package) 'marie-execution-fabric\b/.test(what);
}

const HOW_TO_LINK =
  '`npm link` in the folder of marie, then `npm link marie-execution-fabric` in that of the file, make it known; then save the file';

/** Tells what happens: a line for people, or a value of the schema. */
class Teller implements SessionEvents {
  #timer: NodeJS.Timeout | undefined;
  private said = '';

  constructor(
    private readonly io: Io,
    private readonly file: string,
    private readonly url: string,
  ) {}

  loaded(executors: readonly Offered[], isReload: boolean): void {
    const names = executors.map(({ executorClass, slots }) => `${executorClass} (${counted(slots, 'slot')})`);
    const text = `${isReload ? 'reloaded' : this.file}: ${names.join(', ')}`;
    this.emit({ event: isReload ? 'reloaded' : 'loaded', executors }, this.io.colors.bold(text));
  }

  registering(isWaiting: boolean): void {
    clearTimeout(this.#timer);
    if (!isWaiting) return;
    this.#timer = setTimeout(() => this.io.note(`waiting for a fabric at ${this.url}`), PATIENCE_MS);
    this.#timer.unref();
  }

  changed(files: readonly string[]): void {
    const names = files.map((file) => relative(process.cwd(), file));
    this.emit({ event: 'changed', files: names }, this.io.colors.dim(`${names.join(', ')} changed`));
  }

  broken(what: string, isRunning: boolean): void {
    const after = isRunning ? 'what ran before runs on' : 'put it right, and it starts';
    const text = `${this.io.colors.red(`${this.file} can't be used`)}: ${what}\n${after}`;
    this.emit({ event: 'broken', what }, isWithoutUs(what) ? `${text}\n${HOW_TO_LINK}` : text);
  }

  died(code: number | null): void {
    clearTimeout(this.#timer);
    const text = `the executors' process has ended (${code ?? 'by a signal'}); a change starts it again`;
    this.emit({ event: 'died', code }, this.io.colors.red(text));
  }

  heard(message: FromRunner): void {
    switch (message.kind) {
      case 'ready':
        clearTimeout(this.#timer);
        this.said = '';
        this.emit({ event: 'ready', url: this.url }, this.io.colors.dim(`registered with ${this.url}`));
        break;
      case 'refused':
        this.emit({ event: 'refused', code: message.code, what: message.what }, this.io.colors.red(message.what));
        break;
      case 'drained': {
        const { kind: event, executorClass } = message;
        const text = `${visible(executorClass)} is drained: it ends its jobs and takes no more; a change of the file starts it again`;
        this.emit({ event, executorClass }, this.io.colors.yellow(text));
        break;
      }
      case 'job-started':
        this.emit({ event: message.kind, ...message.place }, jobLine(message.place, this.io.colors.dim('started')));
        break;
      case 'job-succeeded': {
        const { kind: event, place, ranMs } = message;
        this.emit({ event, ...place, ranMs }, jobLine(place, `succeeded in ${duration(ranMs)}`));
        break;
      }
      case 'job-failed': {
        const { kind: event, place, ranMs, what } = message;
        this.emit({ event, ...place, ranMs, what }, jobLine(place, `${this.io.colors.red('failed')}: ${what}`));
        break;
      }
      case 'log':
        this.log(message.level, message.text);
    }
  }

  /** The same again and again, such as that nobody answers, is said once until somebody does. */
  private log(level: Level, text: string): void {
    if (level === 'debug' || text === this.said) return;
    this.said = text;
    this.io.note(this.io.errColors.dim(`${level}: ${text}`));
  }

  private emit(value: OutputOf<'dev'>, text: string): void {
    this.io.emit('dev', value, () => text);
  }
}

function jobLine({ executorClass, dagId, job, attempt }: JobPlace, text: string): string {
  return `${visible(`${executorClass} ${dagId}/${job}`)}${attempt > 1 ? ` (attempt ${attempt})` : ''} ${text}`;
}
