/** The program's log: lines of JSON on stderr, by pino. */
import { type Logger, pino } from 'pino';
import { stderrLines } from '../../client/adapters/stderr.js';
import type { Level } from './levels.js';

/** Opens the log. Lines are written at once: what was said before a crash is there. */
export function openLog(level: Level, cell: string): Logger {
  return pino({ level, base: { cell }, timestamp: pino.stdTimeFunctions.isoTime }, stderrLines({ sync: true }));
}
