/** Submissions that come in their canonical form, such as Avro on a topic, held to what the edge takes as JSON. */
import { encodeBody } from '../../catalogue/codec.js';
import { Code } from '../../catalogue/generated/codes.js';
import type { Problem, SubmitDag } from '../../catalogue/generated/types.js';
import { below } from '../pointer.js';
import { problem, refusalOf } from '../problems.js';
import { convertFields } from './convert.js';
import type { RawJobs } from './convert-job.js';
import { compareUtf8 } from './order.js';
import { submissionProblems } from './problems.js';
import type { CheckSubmission } from './prune.js';
import type { RawJob } from './raw-parts.js';
import { DOUBT } from './take.js';
import { wireForm } from './wire-form.js';

/** Nothing is left open in a canonical submission. */
const NO_DEFAULTS = { cell: '-', tenant: '', idempotencyKey: null, inputId: '' };

/** Bytes of what is left to the kernel: its refusal, in the same turn, may quote all of it, several times as long. */
const LEFT_BYTES = 256 * 1024;

/**
 * Refuses what the edge would refuse, in its words: there is one definition of a submission, and this asks it. It stands
 * before the journal and not in the kernel, because the kernel's decisions are released: earlier journals have accepted
 * what this refuses, and must be decided alike when they are decided again. What the kernel refuses is left to it, which
 * lists it all with its codes, unless it is large. Throws `Refusal`.
 */
export function checkCanonical(dag: SubmitDag, check: CheckSubmission): void {
  const problems = problemsIn(dag);
  if (problems.length === 0) return;
  const isLarge = encodeBody(Code.SubmitDag, dag).length > LEFT_BYTES;
  if (isLarge || check(dag).length === 0) throw refusalOf(problems);
}

function problemsIn(dag: SubmitDag): readonly Problem[] {
  const form = wireForm(dag);
  let raw: RawJobs | null = null;
  const rawJobs = (): RawJobs => {
    raw ??= rawOf(dag);
    return raw;
  };
  try {
    convertFields(form, rawJobs, NO_DEFAULTS);
  } catch (error) {
    if (error !== DOUBT) throw error;
    return submissionProblems(form);
  }
  return unordered(dag);
}

function rawOf({ jobs }: SubmitDag): RawJobs {
  const raw = new Map<number, RawJob>();
  jobs.forEach(({ when, inputs }, index) => {
    const values = new Map<string, Uint8Array>();
    for (const { name, value } of inputs) if (value !== null) values.set(name, value);
    if (when !== null || values.size > 0) raw.set(index, { when, values });
  });
  return raw;
}

/** What JSON can't say: members of an object have no order, and none is there twice. */
function unordered({ labels, jobs }: SubmitDag): readonly Problem[] {
  const problems: Problem[] = [];
  const look = (named: readonly { readonly name: string }[], place: () => string): void => {
    const at = named.findIndex(({ name }, i) => i > 0 && compareUtf8(named[i - 1]!.name, name) >= 0);
    if (at < 0) return;
    const { name } = named[at]!;
    const why = named[at - 1]!.name === name ? 'this name is there twice' : 'names stand in the order of their bytes';
    problems.push(problem('invalid-value', below(place(), name), why));
  };
  look(labels, () => '/labels');
  for (const [index, { inputs }] of jobs.entries()) look(inputs, () => `/jobs/${index}/inputs`);
  return problems;
}
