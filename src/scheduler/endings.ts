/** Ends of what is open at once: one that fails keeps none of the others from being run. */

/** Runs all, one after the other and each whatever becomes of those before; then throws the first error. */
export async function runAll(parts: readonly (() => unknown)[]): Promise<void> {
  const errors: unknown[] = [];
  for (const part of parts) {
    try {
      await part();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
}

/** Runs the parts of a start that has failed, and throws why: what fails on the way out is not what somebody has to know. */
export async function giveUp(why: unknown, end: () => Promise<void>): Promise<never> {
  await end().catch(() => undefined);
  throw why;
}
