/** The DAGs that the benchmarks run, as the catalogue has them and as a client submits them. */

import type { Binding, JobSpec, SubmitDag } from '../../src/catalogue/generated/types.js';
import type { Submission } from '../../src/client/index.js';

/** Pages of the document: one job each. */
export const PAGES = 20;
/** Jobs of a document: split, the pages, merge, validate, publish. */
export const DOCUMENT_JOBS = PAGES + 4;

/** Executor classes of the document, in the order in which its jobs need them. */
export const DOCUMENT_CLASSES = ['splitter', 'ocr', 'merger', 'validator', 'publisher'] as const;
export const FLAT_CLASS = 'ocr';

const BASE: JobSpec = {
  id: '',
  kind: 'executor',
  executorClass: '',
  group: 'default',
  slots: 1,
  units: 0,
  after: [],
  join: 0,
  when: null,
  optional: false,
  inputs: [],
  fanOut: null,
  estimateMs: null,
  timeoutMs: null,
  retry: null,
  signalName: null,
};

/** A job of a submission with the defaults filled in. */
export function job(id: string, executorClass: string, more: Partial<JobSpec> = {}): JobSpec {
  return { ...BASE, id, executorClass, ...more };
}

/** A submission with the defaults filled in. */
export function submission(dagId: string, jobs: readonly JobSpec[], more: Partial<SubmitDag> = {}): SubmitDag {
  return {
    dagId,
    idempotencyKey: dagId,
    tenant: 'default',
    name: 'bench',
    template: null,
    priority: 0,
    deadlineAtMs: null,
    hardDeadlineAtMs: null,
    onHardDeadline: 'fail',
    labels: [],
    failurePolicy: 'fail_fast',
    parent: null,
    jobs,
    ...more,
  };
}

const pageNames = Array.from({ length: PAGES }, (_, page) => `page-${page}`);

/** A job's input that is another job's output. */
function outputOf(name: string, from: string): readonly Binding[] {
  return [{ name, value: null, uri: null, from, at: null }];
}

const DOCUMENT: readonly JobSpec[] = [
  job('split', 'splitter'),
  ...pageNames.map((id, page) =>
    job(id, 'ocr', {
      after: ['split'],
      inputs: [{ name: 'page', value: Buffer.from(String(page)), uri: null, from: null, at: null }],
    }),
  ),
  job('merge', 'merger', { after: pageNames }),
  job('validate', 'validator', { after: ['merge'], inputs: outputOf('merged', 'merge') }),
  job('publish', 'publisher', { after: ['validate'], inputs: outputOf('valid', 'validate') }),
];

/** The document as a submission of the catalogue. */
export function document(dagId: string, more: Partial<SubmitDag> = {}): SubmitDag {
  return submission(dagId, DOCUMENT, more);
}

/** The document as a client submits it, its pages as jobs of their own. */
export function documentSubmission(id: string): Submission {
  return { id, name: 'document', jobs: DOCUMENT_JSON };
}

const DOCUMENT_JSON: Submission['jobs'] = [
  { id: 'split', executorClass: 'splitter' },
  ...pageNames.map((id, page) => ({
    id,
    executorClass: 'ocr',
    after: ['split'],
    inputs: { page: { value: page } },
  })),
  { id: 'merge', executorClass: 'merger', after: pageNames },
  { id: 'validate', executorClass: 'validator', after: ['merge'], inputs: { merged: { from: 'merge' } } },
  { id: 'publish', executorClass: 'publisher', after: ['validate'], inputs: { valid: { from: 'validate' } } },
];

/** The document with its pages as a fan-out over what the splitter found. */
export function fanOutSubmission(id: string): Submission {
  return { id, name: 'document', jobs: FAN_OUT_JSON };
}

const FAN_OUT_JSON: Submission['jobs'] = [
  { id: 'split', executorClass: 'splitter' },
  { id: 'page', executorClass: 'ocr', after: ['split'], fanOut: { over: { from: 'split', at: '/pages' } } },
  { id: 'merge', executorClass: 'merger', after: ['page'] },
  { id: 'validate', executorClass: 'validator', after: ['merge'], inputs: { merged: { from: 'merge' } } },
  { id: 'publish', executorClass: 'publisher', after: ['validate'], inputs: { valid: { from: 'validate' } } },
];

/** A DAG of one job. */
export function flatSubmission(id: string): Submission {
  return { id, name: 'flat', jobs: [{ id: 'only', executorClass: FLAT_CLASS }] };
}
