import { CliError, Exit } from '../exit.js';

/** Plays histories again under changes. What can't be changed in one was named on the command line, which is wrong then. */
export async function changing<T>(play: () => Promise<T>): Promise<T> {
  const { ImpossibleChange } = await import('../../../replay/index.js');
  try {
    return await play();
  } catch (error) {
    if (error instanceof ImpossibleChange) throw new CliError(Exit.Usage, 'usage', error.message);
    throw error;
  }
}
