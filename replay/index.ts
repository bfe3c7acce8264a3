/** Study of a history. */

export type { Problem, TornEnd, VerifiedHead, VerifyReport } from './report.js';
export { type VerifyOptions, type VerifyProgress, verify } from './verify.js';
