import { type Blobs, digestOfUri } from '../client/blobs.js';
import { ExecutorCode, JobError } from './errors.js';
import type { DispatchMessage } from './protocol.js';

/** An input whose value is an output that was too large to stand in the dispatch. */
interface BlobInput {
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
  if (dispatch.child !== null && dispatch.child !== undefined) {
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
    const { blob } = input[name] as BlobInput;
    try {
      input[name] = await blobs.json(blob, signal);
    } catch (cause) {
      if (signal.aborted) throw signal.reason;
      throw new JobError(ExecutorCode.InputUnavailable, `input ${name} (${blob.uri}): ${String(cause)}`, { cause });
    }
  }
  return input;
}

/** Exactly `{blob: {uri, sha256, bytes}}` as the fabric writes it for a large output. */
function isBlobInput(value: unknown): value is BlobInput {
  if (typeof value !== 'object' || value === null) return false;
  const { blob, ...others } = value as Partial<BlobInput>;
  if (typeof blob !== 'object' || blob === null || Object.keys(others).length > 0) return false;
  return typeof blob.uri === 'string' && digestOfUri(blob.uri) === blob.sha256 && typeof blob.bytes === 'number';
}
