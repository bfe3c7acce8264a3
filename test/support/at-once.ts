/** How many files of tests that start processes run at once: one works while another waits. */
export const AT_ONCE = 2;

/** Which of them this one is, from 0; Vitest counts its workers from 1. */
export function placeAtOnce(): number {
  return Number(process.env.VITEST_POOL_ID ?? 1) - 1;
}
