import { createColors } from 'picocolors';
import type { OutputName, OutputOf } from '../outputs/index.js';
import { visible, visibleIn, visibleLines } from '../text/visible.js';

export type Colors = ReturnType<typeof createColors>;

/** Where a command writes: data to stdout, everything else to stderr. Escape codes only where a terminal reads them. */
export interface Io {
  readonly json: boolean;
  /** For text on stdout. */
  readonly colors: Colors;
  /** For text on stderr. */
  readonly errColors: Colors;
  /** Whether a person reads stdout on a terminal. */
  readonly isTerminal: boolean;
  /** Whether a person watches stderr. */
  readonly isWatched: boolean;
  readonly columns: number;
  /**
   * Writes data: one line of JSON that keeps the published schema with --json, else the text. The text is made of
   * `shown`, a copy of the value in which nothing steers a terminal. `json` is that line where what stands in it is not
   * to be written anew.
   */
  emit<N extends OutputName, V extends OutputOf<N>>(
    name: N,
    value: V,
    text: (shown: V) => string,
    json?: () => string,
  ): void;
  /** Lines on stdout and on stderr. What stands in them out of data is made `visible` by whoever puts it there. */
  out(text: string): void;
  note(text: string): void;
  /** Suggests the command that people usually want after this one. */
  next(command: string, what: string): void;
}

export interface IoOptions {
  readonly json?: boolean;
  /** false for --no-color. */
  readonly color?: boolean;
  /** Data and errors only. */
  readonly quiet?: boolean;
}

export function openIo({ json = false, color = true, quiet = false }: IoOptions): Io {
  const { stdout, stderr, env } = process;
  const allowed = color && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  const colors = createColors(allowed && stdout.isTTY === true);
  const errColors = createColors(allowed && stderr.isTTY === true);
  const write = (line: string): void => void stdout.write(`${line}\n`);
  const out = (text: string): void => write(visibleLines(text, colors.isColorSupported));
  const note = (text: string): void => {
    if (!quiet) stderr.write(`${visibleLines(text, errColors.isColorSupported)}\n`);
  };
  return {
    json,
    colors,
    errColors,
    isTerminal: stdout.isTTY === true && env['TERM'] !== 'dumb',
    isWatched: stderr.isTTY === true && env['TERM'] !== 'dumb' && !quiet,
    // A terminal whose size nobody has said, such as a serial line's, has 0.
    columns: stdout.columns || stderr.columns || 100,
    emit: (_name, value, text, line) => (json ? write(line?.() ?? JSON.stringify(value)) : out(text(visibleIn(value)))),
    out,
    note,
    next: (command, what) => {
      if (!json) note(errColors.dim(`next: ${visible(command)}  (${what})`));
    },
  };
}

/**
 * Writes to stdout; resolves when it takes more. For what is too much to wait in memory. Where stdout fails, it stays open:
 * who ends the program then tells of it.
 */
export async function written(text: string): Promise<void> {
  if (!process.stdout.write(text)) await new Promise<void>((more) => process.stdout.once('drain', more));
}

/** What can't be told on stderr is lost, and no reason to end: the work goes on, and its exit code says how it ended. */
export function outliveStderr(): void {
  process.stderr.on('error', () => undefined);
}

/**
 * Nothing is worth doing when stdout takes no more. A reader that goes away early (`| head`) ends the program quietly;
 * of anything else, such as a full disk, `tell` tells and gives the exit code.
 */
export function endWithStdout(tell: (error: Error) => Promise<number>): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    void tell(Object.assign(error, { path: 'stdout' })).then((code) => process.exit(code));
  });
}
