/** Where programs write their log: lines on stderr. */
import { pino } from 'pino';

const STDERR = 2;
/** How much of a log waits while nobody can write it, in bytes; what is beyond is lost. */
const MOST_WAITING_BYTES = 1024 * 1024;

/**
 * Takes lines for stderr; with `sync` each is written when the call returns. A disk that has no room for the log is no
 * reason to end the work that it is about: what could not be written waits for the next line, and goes before it.
 */
export function stderrLines({ sync }: { readonly sync: boolean }): ReturnType<typeof pino.destination> {
  const lines = pino.destination({ dest: STDERR, sync, maxLength: MOST_WAITING_BYTES });
  lines.on('error', () => undefined);
  // One that is too much tries nothing by itself; nothing always has room.
  lines.on('drop', () => lines.write(''));
  return lines;
}
