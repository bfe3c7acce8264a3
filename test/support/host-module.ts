/** A thread has no compiler with it, as tests have: it runs what was compiled before the tests. */
export const HOST = new URL('../../dist/src/store/rocksdb/thread/host.js', import.meta.url);
