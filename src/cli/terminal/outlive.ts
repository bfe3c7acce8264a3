import { closeSync } from 'node:fs';
import { isatty } from 'node:tty';

/**
 * Lets this process end with its exit code where its terminal is gone by then. At its end Node puts back as it was each
 * terminal that it began with, and aborts where one does not take that; what is closed it passes over.
 */
export function outliveTerminal(): void {
  const terminals = [0, 1, 2].filter((fd) => isatty(fd));
  process.on('exit', () => {
    for (const fd of terminals) if (!isatty(fd)) closeSync(fd);
  });
}
