import { type Blobs, digestOfUri } from '../client/blobs.js';
import { ExecutorCode, JobError } from './errors.js';
import type { DispatchMessage } from './protocol.js';

/** An input whose value is an output that was too large to stand in the dispatch, or a part of one. */
interface BlobInput {
  /** A JSON pointer into it; all of it where absent. */
  readonly at?: string;
  readonly blob: { readonly uri: string; readonly sha256: string; readonly bytes: number };
}

/**
 * What run() gets: the inputs by name, with `item`, `index` and `count` for a child of a fan-out. Outputs that the SDK
 * of an upstream job stored as a blob are fetched, so that no run() has to know how large an output was.
 */
export function inputOf(
  dispatch: DispatchMessage,
  blobs: Blobs,
  signal: () => AbortSignal,
): Record<string, unknown> | Promise<Record<string, unknown>> {
  const input: Record<string, unknown> = { ...dispatch.inputs };
  if (dispatch.child !== null) {
    if (dispatch.item !== undefined) input['item'] = dispatch.item;
    input['index'] = dispatch.child;
    input['count'] = dispatch.childCount;
  }
  let large: string[] | null = null;
  for (const name in input) {
    if (!isBlobInput(input[name])) continue;
    large ??= [];
    large.push(name);
  }
  return large === null ? input : fetchAll(input, large, blobs, signal());
}

async function fetchAll(
  input: Record<string, unknown>,
  names: readonly string[],
  blobs: Blobs,
  signal: AbortSignal,
): Promise<Record<string, unknown>> {
  for (const name of names) {
    const { blob, at } = input[name] as BlobInput;
    try {
      const output = await blobs.json(blob, signal);
      input[name] = at === undefined ? output : pointedAt(output, at);
    } catch (cause) {
      if (signal.aborted) throw signal.reason;
      throw new JobError(ExecutorCode.InputUnavailable, `input ${name} (${blob.uri}): ${String(cause)}`, { cause });
    }
  }
  return input;
}

/** What a JSON pointer (RFC 6901) names in a value; null where there is nothing, as the fabric gives it. */
function pointedAt(value: unknown, pointer: string): unknown {
  let here = value;
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, key)) return null;
    // A list has a length of its own, too, which is no part of its JSON.
    if (Array.isArray(here) && key === 'length') return null;
    here = (here as Record<string, unknown>)[key];
  }
  return here;
}

/** Exactly `{blob: {uri, sha256, bytes}}`, perhaps with `at`, as the fabric writes it for a large output. */
function isBlobInput(value: unknown): value is BlobInput {
  if (typeof value !== 'object' || value === null) return false;
  const { blob, at, ...others } = value as Partial<BlobInput>;
  if (typeof blob !== 'object' || blob === null || Object.keys(others).length > 0) return false;
  if (at !== undefined && typeof at !== 'string') return false;
  return typeof blob.uri === 'string' && digestOfUri(blob.uri) === blob.sha256 && typeof blob.bytes === 'number';
}
