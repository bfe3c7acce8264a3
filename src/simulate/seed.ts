/** The largest seed: the generator of chance begins with 31 bits. */
export const MAX_SEED = 2 ** 31 - 1;
