/** How many files of tests that start processes run at once: one works while another waits. */
export const AT_ONCE = 2;

/** The same for those with brokers: they wait longer, until brokers and schedulers have noticed one another's faults. */
export const AT_ONCE_ON_KAFKA = 3;

/** Which of these this one is, from 0; Vitest counts its workers from 1. */
export function placeAtOnce(): number {
  return Number(process.env.VITEST_POOL_ID ?? 1) - 1;
}
