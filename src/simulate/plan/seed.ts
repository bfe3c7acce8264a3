/**
 * The largest seed: the generator of chance begins with 31 bits. It stands
 * alone because the command line, which checks it, needs no generator.
 */
export const MAX_SEED = 2 ** 31 - 1;
