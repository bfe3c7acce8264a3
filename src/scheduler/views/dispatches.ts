/** Resolves dispatches from immutable rows, so that publishing one again gives the same bytes. */

import { childName } from '../../catalogue/child-name.js';
import { JobState, LeaseState } from '../../catalogue/generated/codes.js';
import type { Binding, JobSpec, SubmitDag } from '../../catalogue/generated/types.js';
import { formatLease } from '../../catalogue/lease.js';
import { at, bytesOf, itemsOf, rootSpan } from '../../kernel/json/index.js';
import { JobFlag } from '../../kernel/rows/flags.js';
import type { State } from '../../kernel/rows/state.js';
import type { AttemptRef, ColdRows } from '../rows/cold.js';
import { blobView, type Output } from '../rows/cold-rows.js';
import { mayHaveOutput } from './jobs.js';
import type { DispatchView } from './port.js';
import { lineOfUserJson, withoutMark } from './user-json.js';

export interface DispatchParts {
  readonly cell: string;
  readonly state: State;
  readonly cold: ColdRows;
}

/** One dispatch on its way: what is known of it before its inputs are resolved. */
interface Draft {
  readonly token: number;
  /** The rows of its lease and its job, which stay where they are as long as the lease is in force. */
  readonly lease: number;
  readonly row: number;
  readonly dagSeq: number;
  readonly index: number;
  readonly attempt: number;
  readonly slots: number;
}

/** The first of the dispatches that were asked for, in that order; null for a lease that is no longer in force. */
type Resolved = readonly (DispatchView | null)[];

/** Characters of inputs after which no further dispatch is put together: one alone may have 75 million. */
const MOST_CHARS = 1024 * 1024;

/** Outputs after which those of no further dispatch are fetched: as many as one job may read. */
const MOST_OUTPUTS = 256;

/**
 * The dispatches of these leases: at once where all that they read is in memory. Where inputs are large only the first of
 * them, one at least.
 */
export function resolveDispatches(parts: DispatchParts, tokens: readonly number[]): Resolved | Promise<Resolved> {
  return fromMemory(parts, tokens) ?? fetched(parts, tokens);
}

/** Null where something has to be fetched. */
function fromMemory(parts: DispatchParts, tokens: readonly number[]): Resolved | null {
  const { state, cold } = parts;
  const places: (Place | null)[] = [];
  for (const token of tokens) {
    const draft = draftOf(state, token);
    if (draft === null) {
      places.push(null);
      continue;
    }
    if (cold.knownSpec(draft.dagSeq) === null) return null;
    const place = placeOf(parts, draft);
    for (const { dag, job, attempt } of outputsOf(parts, place)) {
      if (cold.knownOutput(dag, job, attempt) === undefined) return null;
    }
    places.push(place);
  }
  return firstViews(parts, places);
}

async function fetched(parts: DispatchParts, tokens: readonly number[]): Promise<Resolved> {
  const { state, cold } = parts;
  const release = cold.hold();
  try {
    // Leases may end while something is fetched, and their DAGs leave memory: only those in force are looked at again.
    const drafts = tokens.map((token) => draftOf(state, token));
    await cold.fetchSpecs(present(drafts).map(({ dagSeq }) => dagSeq));
    const places: (Place | null)[] = [];
    const outputs: AttemptRef[] = [];
    for (const draft of drafts) {
      if (outputs.length >= MOST_OUTPUTS) break;
      const place = draft === null || !isInForce(state, draft) ? null : placeOf(parts, draft);
      places.push(place);
      if (place !== null) outputs.push(...outputsOf(parts, place));
    }
    if (outputs.length > 0) await cold.fetchOutputs(outputs);
    return firstViews(parts, places);
  } finally {
    release();
  }
}

/** Views of the first of them: all would not fit into memory where many have large inputs. */
function firstViews(parts: DispatchParts, places: readonly (Place | null)[]): Resolved {
  const views: (DispatchView | null)[] = [];
  for (let chars = 0; views.length < places.length && chars < MOST_CHARS; ) {
    const place = places[views.length] ?? null;
    const view = place === null || !isInForce(parts.state, place.draft) ? null : viewOf(parts, place);
    views.push(view);
    if (view !== null) chars += view.inputsJson.length + (view.itemJson?.length ?? 0);
  }
  return views;
}

function present<T>(found: readonly (T | null)[]): readonly T[] {
  return found.filter((one) => one !== null);
}

function isInForce({ leases }: State, { lease, token }: Pick<Draft, 'lease' | 'token'>): boolean {
  return leases.keyA[lease] === token && leases.c.state[lease] === LeaseState.inForce;
}

function draftOf(state: State, token: number): Draft | null {
  const { leases } = state;
  const lease = leases.find(token);
  if (lease === 0 || !isInForce(state, { lease, token })) return null;
  const { dags, jobs, space } = state;
  const { dag, job, moreSlots } = leases.c;
  const row = space.handle(dags.find(dag[lease]!), job[lease]!);
  return {
    token,
    lease,
    row,
    dagSeq: dag[lease]!,
    index: job[lease]!,
    attempt: jobs.c.attempt[row]!,
    slots: moreSlots[lease]! + 1,
  };
}

interface Place {
  readonly draft: Draft;
  readonly spec: SubmitDag;
  readonly job: JobSpec;
  /** Place among the fan-out's children, and how many there are; -1 for a job of the submission. */
  readonly child: number;
  readonly count: number;
}

function placeOf({ state, cold }: DispatchParts, draft: Draft): Place {
  const { fans, jobs } = state;
  const spec = cold.spec(draft.dagSeq);
  if ((jobs.c.flags[draft.row]! & JobFlag.child) === 0)
    return { draft, spec, job: spec.jobs[draft.index]!, child: -1, count: 0 };
  const parent = jobs.c.parent[draft.row]! - 1;
  const fan = fans.find(draft.dagSeq, parent);
  return { draft, spec, job: spec.jobs[parent]!, child: draft.index - fans.c.base[fan]!, count: fans.c.count[fan]! };
}

const NONE: readonly AttemptRef[] = [];

/** The outputs that a dispatch's inputs read. */
function outputsOf(parts: DispatchParts, { draft, spec, job }: Place): readonly AttemptRef[] {
  if (job.inputs.length === 0 && job.fanOut === null) return NONE;
  const ids = job.inputs.flatMap((binding) => (binding.from === null ? [] : [binding.from]));
  if (job.fanOut?.over === true && job.fanOut.from !== null) ids.push(job.fanOut.from);
  return ids.flatMap((id) => {
    const index = parts.cold.indexOf(draft.dagSeq, id);
    const attempt = attemptOf(parts.state, draft.dagSeq, index);
    const isStored = attempt >= 0 && spec.jobs[index]!.fanOut === null && hasOutput(parts.state, draft.dagSeq, index);
    return isStored ? [{ dag: draft.dagSeq, job: index, attempt }] : [];
  });
}

function hasOutput(state: State, dagSeq: number, index: number): boolean {
  return mayHaveOutput(state, state.space.handle(state.dags.find(dagSeq), index));
}

/** Attempt whose output counts; -1 when the job has not succeeded. */
function attemptOf(state: State, dagSeq: number, index: number): number {
  const { dags, jobs, space } = state;
  const row = space.handle(dags.find(dagSeq), index);
  return jobs.c.state[row] === JobState.succeeded ? jobs.c.attempt[row]! : -1;
}

function viewOf(parts: DispatchParts, place: Place): DispatchView {
  const { draft, spec, job, child, count } = place;
  const isChild = child >= 0;
  return {
    token: formatLease(parts.cell, { dag: draft.dagSeq, job: draft.index, attempt: draft.attempt, token: draft.token }),
    tenant: spec.tenant,
    dagId: spec.dagId,
    job: isChild ? childName(job.id, child) : job.id,
    child: isChild ? child : null,
    childCount: isChild ? count : null,
    attempt: draft.attempt,
    executorClass: job.executorClass,
    slots: draft.slots,
    timeoutMs: job.timeoutMs,
    inputsJson: job.inputs.length === 0 ? '{}' : inputsJson(parts, place),
    itemJson: isChild && job.fanOut?.over === true ? itemJson(parts, place) : null,
  };
}

function inputsJson(parts: DispatchParts, place: Place): string {
  const members = place.job.inputs.map(
    (binding) => `${JSON.stringify(binding.name)}:${bindingJson(parts, place, binding)}`,
  );
  return `{${members.join(',')}}`;
}

function bindingJson(parts: DispatchParts, { draft, spec }: Place, binding: Binding): string {
  if (binding.value !== null) return lineOfUserJson(binding.value);
  if (binding.uri !== null) return JSON.stringify({ uri: binding.uri });
  const index = parts.cold.indexOf(draft.dagSeq, binding.from!);
  const attempt = attemptOf(parts.state, draft.dagSeq, index);
  if (attempt < 0) return 'null';
  if (spec.jobs[index]!.fanOut !== null) return collectionJson(parts.state, draft.dagSeq, spec, index);
  return pointed(parts.cold.knownOutput(draft.dagSeq, index, attempt) ?? null, binding.at);
}

/** A fan-out's outputs by reference, never an inline array. */
function collectionJson(state: State, dagSeq: number, spec: SubmitDag, index: number): string {
  const { fans } = state;
  const fan = fans.find(dagSeq, index);
  const job = spec.jobs[index]!.id;
  const path = `/v1/dags/${encodeURIComponent(spec.dagId)}/jobs/${encodeURIComponent(job)}/children`;
  const uri = `${path}?tenant=${encodeURIComponent(spec.tenant)}`;
  return JSON.stringify({ collection: { dagId: spec.dagId, job, count: fan === 0 ? 0 : fans.c.count[fan]!, uri } });
}

/**
 * The part of an output at a pointer, as it was received; null where there is none. An output that is a blob is named
 * as one, with the pointer beside it: whoever reads the blob finds the part.
 */
function pointed(output: Output | null, pointer: string | null): string {
  if (output === null) return 'null';
  if (output.blob !== null) {
    const blob = blobView(output.blob);
    return JSON.stringify(pointer === null ? { blob } : { blob, at: pointer });
  }
  if (output.json === null) return 'null';
  const json = withoutMark(output.json);
  const span = pointer === null ? rootSpan(json) : at(json, pointer);
  return span === null ? 'null' : lineOfUserJson(bytesOf(json, span));
}

/** The item of the array that a child is for. */
function itemJson(parts: DispatchParts, { draft, job, child }: Place): string {
  const index = parts.cold.indexOf(draft.dagSeq, job.fanOut!.from!);
  const output = parts.cold.knownOutput(draft.dagSeq, index, attemptOf(parts.state, draft.dagSeq, index)) ?? null;
  if (output === null || output.json === null) return 'null';
  const places = itemPlaces(output, output.json, job.fanOut!.at);
  if (places === null || child * 2 + 1 >= places.length) return 'null';
  return lineOfUserJson(output.json.subarray(places[child * 2]!, places[child * 2 + 1]!));
}

/** Places of the items of an array that a fan-out goes over, found once, so that each child finds its own at once. */
function itemPlaces(output: Output, json: Uint8Array, pointer: string | null): Uint32Array | null {
  const name = pointer ?? '';
  output.items ??= new Map();
  let places = output.items.get(name);
  if (places === undefined) {
    const span = pointer === null ? rootSpan(json) : at(json, pointer);
    places = span === null ? null : itemsOf(json, span);
    output.items.set(name, places);
  }
  return places;
}
