/** Where the module is that the thread runs. */
export const HOST = new URL('./host.js', import.meta.url);
