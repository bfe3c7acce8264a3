import { CliError, Exit } from '../exit.js';

/** Asks about what a command line names. What isn't in the history, or can't be changed in it, makes that one wrong. */
export async function naming<T>(ask: () => Promise<T>): Promise<T> {
  const { ImpossibleChange, NotInHistory } = await import('../../../replay/index.js');
  try {
    return await ask();
  } catch (error) {
    const isMisnamed = error instanceof ImpossibleChange || error instanceof NotInHistory;
    throw isMisnamed ? new CliError(Exit.Usage, 'usage', error.message) : error;
  }
}
