/** Where the module is that the thread runs. */
export const THREAD = new URL('./thread.js', import.meta.url);
