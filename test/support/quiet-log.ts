import type { Log } from '../../src/executor/index.js';

/** What was logged, with the fields of all children merged. */
export type LogLine = Record<string, unknown> & { level: string; message: string };

/** A logger that keeps its lines. */
export function quietLog(lines: LogLine[] = [], bound: Record<string, unknown> = {}): Log {
  const at =
    (level: string) =>
    (fields: object | string, message?: string): void => {
      const text = typeof fields === 'string' ? fields : (message ?? '');
      lines.push({ ...bound, ...(typeof fields === 'string' ? {} : fields), level, message: text });
    };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (fields) => quietLog(lines, { ...bound, ...fields }),
  };
}
