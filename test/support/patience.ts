/**
 * How long tests wait. A machine of CI may be ten times slower than a quiet one, so that no bound here says how long
 * something takes: they end what hangs, and say what was waited for.
 */

/** One test or hook, of any kind, which doesn't say otherwise. */
export const LIMIT_MS = 400_000;

/** A test that takes about a minute on a quiet machine. */
export const LONG_MS = 1_800_000;

/** One thing that a test waits for: less than its limit, so that there is time to say that it did not come. */
export const PATIENT_MS = 200_000;

/** The same for `vi.waitFor`, whose own patience is one second, and, by vitest.config.ts, for `expect.poll`. */
export const PATIENT = { timeout: PATIENT_MS, interval: 50 };
