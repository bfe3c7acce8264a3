/**
 * What a host of the document example needs: the submission, samples, and a check of the result. None of it loads a
 * PDF library; the executors run in a process of their own (main.ts).
 */

export { checkResult, type Difference } from './check.js';
export { documentDag, documentDagTemplate } from './dag.js';
export type * from './fields.js';
export type * from './model.js';
export type * from './result.js';
export type { Decision, Review } from './review.js';
export { ensureSample, SAMPLES, type SampleFiles, type SampleName, type Truth } from './samples.js';
