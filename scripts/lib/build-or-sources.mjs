// Vitest's global set-up of the kinds that run what is compiled, and the sources where the build fails: who is in the middle
// of a change can run a test of the part that is whole already.
import { PrepareError, prepare } from './prepare.mjs';

export default async () => {
  try {
    await prepare();
  } catch (error) {
    if (!(error instanceof PrepareError)) throw error;
    process.stderr.write(`marie: ${error.message} These tests run on the sources.\n`);
  }
};
