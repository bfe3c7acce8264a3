/** The time by this machine's clock, in ms since 1970. */
export const clock = { wallMs: (): number => Date.now() };
