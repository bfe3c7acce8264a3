/**
 * The quick way from the wire form of a submission to the canonical one. It takes exactly what `submissionSchema`
 * takes (a test compares them) and throws `DOUBT` on everything else, without saying what is wrong.
 */

import { sha256 } from '../../catalogue/digest.js';
import type { Pair, ParentRef, SubmitDag } from '../../catalogue/generated/types.js';
import { parseLease } from '../../catalogue/lease.js';
import { fits } from '../json/text.js';
import { DEADLINE_MS, LABELS, NAME_BYTES, PRIORITY, SUBMISSION_JOBS, TEXT_BYTES } from '../limits.js';
import { convertJob, type RawJobs } from './convert-job.js';
import { byUtf8 } from './order.js';
import { rawParts } from './raw-parts.js';
import { doubt, takeArray, takeInt, takeName, takeObject, takeText } from './take.js';

/** What a submission gets where it says nothing. */
export interface SubmissionDefaults {
  readonly cell: string;
  readonly tenant: string;
  readonly idempotencyKey: string | null;
  readonly inputId: string;
}

type Draft<T> = { -readonly [K in keyof T]: T[K] };

/** The canonical submission. Throws `DOUBT` or `TooDeep`. `text` is what `parsed` was parsed from. */
export function convertSubmission(parsed: unknown, text: string, defaults: SubmissionDefaults): SubmitDag {
  let raw: RawJobs | null = null;
  const rawJobs = (): RawJobs => {
    raw ??= rawParts(text);
    return raw;
  };
  return convertFields(parsed, rawJobs, defaults);
}

/** The same, where its user JSON is known; `raw` is asked only where there is some. */
export function convertFields(parsed: unknown, raw: () => RawJobs, defaults: SubmissionDefaults): SubmitDag {
  const fields = takeObject(parsed);
  const draft = emptyDraft(defaults.tenant);
  let jobs: readonly unknown[] | null = null;
  for (const key in fields) {
    const value = fields[key];
    if (key === 'jobs') jobs = takeArray(value, SUBMISSION_JOBS);
    else takeField(draft, key, value, defaults.cell);
  }
  if (jobs === null || jobs.length === 0) doubt();
  if (draft.idempotencyKey === '') draft.idempotencyKey = defaults.idempotencyKey ?? defaults.inputId;
  if (draft.dagId === '') draft.dagId = mintedId(defaults.cell, draft.idempotencyKey, defaults.inputId);
  draft.jobs = jobs.map((job, index) => convertJob(job, index, raw));
  return draft;
}

function takeField(draft: Draft<SubmitDag>, key: string, value: unknown, cell: string): void {
  switch (key) {
    case 'id':
      draft.dagId = takeName(value);
      return;
    case 'idempotencyKey':
      draft.idempotencyKey = takeName(value);
      return;
    case 'tenant':
      draft.tenant = takeName(value);
      return;
    case 'name':
      draft.name = takeText(value, NAME_BYTES);
      return;
    case 'template':
      draft.template = takeName(value);
      return;
    case 'priority':
      draft.priority = takeInt(value, -PRIORITY, PRIORITY);
      return;
    case 'deadlineAtMs':
      draft.deadlineAtMs = takeInt(value, 1, DEADLINE_MS);
      return;
    case 'hardDeadlineAtMs':
      draft.hardDeadlineAtMs = takeInt(value, 1, DEADLINE_MS);
      return;
    case 'onHardDeadline':
      draft.onHardDeadline = value === 'fail' || value === 'demote' ? value : doubt();
      return;
    case 'labels':
      draft.labels = takeLabels(value);
      return;
    case 'failurePolicy':
      draft.failurePolicy = value === 'fail-fast' ? 'fail_fast' : value === 'continue' ? 'continue' : doubt();
      return;
    case 'parent':
      draft.parent = takeParent(value, cell);
      return;
    default:
      doubt();
  }
}

function emptyDraft(tenant: string): Draft<SubmitDag> {
  return {
    dagId: '',
    idempotencyKey: '',
    tenant,
    name: '',
    template: null,
    priority: 0,
    deadlineAtMs: null,
    hardDeadlineAtMs: null,
    onHardDeadline: 'fail',
    labels: [],
    failurePolicy: 'fail_fast',
    parent: null,
    jobs: [],
  };
}

/**
 * Repeats of a submission without an id get the same id, since it is made of the idempotency key. An input's id may have
 * as many bytes as any name, and then has no room beside the cell's: its digest does.
 */
function mintedId(cell: string, idempotencyKey: string, inputId: string): string {
  const ids = [idempotencyKey, inputId].map((name) => `${cell}-${name}`);
  return ids.find((id) => fits(id, NAME_BYTES)) ?? `${cell}-${sha256(Buffer.from(inputId)).toString('hex')}`;
}

/** Pairs sorted by the UTF-8 bytes of the name, as the catalogue wants them. */
export function takeLabels(value: unknown): readonly Pair[] {
  const fields = takeObject(value);
  const pairs: Pair[] = [];
  for (const name in fields) {
    if (name === '__proto__') doubt();
    pairs.push({ name: takeName(name), value: takeText(fields[name], TEXT_BYTES) });
  }
  if (pairs.length > LABELS) doubt();
  return pairs.sort(byUtf8);
}

function takeParent(value: unknown, cell: string): ParentRef {
  const fields = takeObject(value);
  for (const key in fields) if (key !== 'dag' && key !== 'job' && key !== 'token') doubt();
  const lease = parseLease(cell, takeName(fields['token']));
  return { dagId: takeName(fields['dag']), job: takeName(fields['job']), token: lease?.token ?? 0 };
}
