/** Ends of what is open at once: one that fails keeps none of the others from being run. */

/** Runs all, one after the other and each whatever becomes of those before; then throws the first error. */
export async function runAll(steps: readonly (() => unknown)[]): Promise<void> {
  const errors: unknown[] = [];
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
}

/** Runs the steps of a start that has failed, and throws why: what fails on the way out is not what somebody has to know. */
export async function giveUp(why: unknown, end: () => Promise<void>): Promise<never> {
  await end().catch(() => undefined);
  throw why;
}
