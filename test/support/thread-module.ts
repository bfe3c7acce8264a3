/** A thread has no compiler with it, as tests have: it runs what was compiled before the tests. */
export const THREAD = new URL('../../dist/src/executor/stand-in/thread.js', import.meta.url);
