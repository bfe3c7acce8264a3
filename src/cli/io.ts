import { createColors } from 'picocolors';

export type Colors = ReturnType<typeof createColors>;

/** Where a command writes: data to stdout, everything else to stderr. Escape codes only where a terminal reads them. */
export interface Io {
  readonly json: boolean;
  /** For text on stdout. */
  readonly colors: Colors;
  /** For text on stderr. */
  readonly errColors: Colors;
  /** Whether a person watches stderr. */
  readonly isWatched: boolean;
  readonly columns: number;
  out(text: string): void;
  note(text: string): void;
}

export interface IoOptions {
  readonly json?: boolean;
  /** false for --no-color. */
  readonly color?: boolean;
}

export function openIo({ json = false, color = true }: IoOptions): Io {
  const { stdout, stderr, env } = process;
  const allowed = color && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  return {
    json,
    colors: createColors(allowed && stdout.isTTY === true),
    errColors: createColors(allowed && stderr.isTTY === true),
    isWatched: stderr.isTTY === true && env['TERM'] !== 'dumb',
    columns: stdout.columns ?? 100,
    out: (text) => void stdout.write(`${text}\n`),
    note: (text) => void stderr.write(`${text}\n`),
  };
}

/** A reader that goes away early (`| head`) ends the program quietly. */
export function endWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
}
