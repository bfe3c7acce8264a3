/** The time by this machine's clock, in ms since 1970. */
export const clock = { nowMs: (): number => Date.now() };
