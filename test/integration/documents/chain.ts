import { createHash } from 'node:crypto';
import { documentDag } from '../../../examples/documents/dag.js';
import type { CollectionItem, CollectionRef, ExecutorContext, ExecutorDefinition } from '../../../examples/documents/sdk.js';

interface ChainJob {
  readonly id: string;
  readonly executorClass: string;
  readonly after?: readonly string[];
  readonly inputs?: Readonly<Record<string, { uri?: string; from?: string; at?: string }>>;
  readonly fanOut?: { readonly over: { readonly from: string; readonly at: string } };
}

/** What running the chain gave. */
export interface ChainRun {
  /** Output of each job; that of a fan-out is the list of its children's outputs. */
  readonly outputs: ReadonlyMap<string, unknown>;
  /** How long each job took, all children together. */
  readonly elapsedMs: ReadonlyMap<string, number>;
  /** The most runs of each class that were under way at one time. */
  readonly mostAtOnce: ReadonlyMap<string, number>;
}

/**
 * Runs the jobs of the document DAG in the order in which they are written, without a fabric: blobs and collections
 * are kept in memory and outputs go through JSON, as they would on the wire.
 */
export async function runChain(executors: readonly ExecutorDefinition[], pdf: Uint8Array): Promise<ChainRun> {
  const blobs = new MemoryBlobs();
  const outputs = new Map<string, unknown>();
  const elapsedMs = new Map<string, number>();
  const mostAtOnce = new Map<string, number>();
  const { uri } = await blobs.put(pdf);
  for (const job of documentDag(uri).jobs as ChainJob[]) {
    const executor = executors.find((candidate) => candidate.class === job.executorClass);
    if (!executor) throw new Error(`no executor of class ${job.executorClass}`);
    const missing = (job.after ?? []).filter((id) => !outputs.has(id));
    if (missing.length > 0) throw new Error(`${job.id} comes before ${missing.join(', ')}`);
    const input = Object.fromEntries(Object.entries(job.inputs ?? {}).map(([name, b]) => [name, bind(b, outputs)]));
    const start = performance.now();
    let running = 0;
    const run = async (more: Record<string, unknown>, index?: number) => {
      mostAtOnce.set(executor.class, Math.max(mostAtOnce.get(executor.class) ?? 0, ++running));
      const output = await executor.run(context(job.id, blobs, outputs, index), { ...input, ...more });
      running--;
      return JSON.parse(JSON.stringify(output)) as unknown;
    };
    const items = job.fanOut && (pointer(outputs.get(job.fanOut.over.from), job.fanOut.over.at) as unknown[]);
    outputs.set(job.id, items ? await fanOut(items, executor.slots, run) : await run({}));
    elapsedMs.set(job.id, performance.now() - start);
  }
  return { outputs, elapsedMs, mostAtOnce };
}

async function fanOut(
  items: readonly unknown[],
  slots: number,
  run: (input: Record<string, unknown>, index: number) => Promise<unknown>,
): Promise<unknown[]> {
  const outputs: unknown[] = [];
  const indexes = items.keys();
  const lane = async () => {
    for (const index of indexes) outputs[index] = await run({ item: items[index], index, count: items.length }, index);
  };
  await Promise.all(Array.from({ length: slots }, lane));
  return outputs;
}

function bind({ uri, from, at }: { uri?: string; from?: string; at?: string }, outputs: ReadonlyMap<string, unknown>) {
  if (from === undefined) return { uri };
  const output = outputs.get(from);
  if (!Array.isArray(output)) return pointer(output, at ?? '');
  return { collection: { dag: 'test', job: from, count: output.length, uri: `memory:${from}` } };
}

function pointer(value: unknown, at: string): unknown {
  return at
    .split('/')
    .slice(1)
    .reduce((inner, key) => (inner as Record<string, unknown>)[key], value);
}

function context(
  job: string,
  blobs: MemoryBlobs,
  outputs: ReadonlyMap<string, unknown>,
  index?: number,
): ExecutorContext {
  const itemsOf = (ref: CollectionRef): CollectionItem[] =>
    (outputs.get(ref.collection.job) as unknown[]).map((output, i) => ({ index: i, state: 'succeeded', output }));
  return {
    signal: new AbortController().signal,
    job: { dag: 'test', job, attempt: 1, ...(index === undefined ? {} : { index }) },
    progress: () => undefined,
    log: { info: () => undefined, warn: () => undefined },
    blobs,
    collection: async function* (ref) {
      yield* itemsOf(ref);
    },
    collectionItem: async (ref, i) => itemsOf(ref)[i] ?? { index: i, state: 'absent', output: null },
  };
}

class MemoryBlobs {
  readonly #bytes = new Map<string, Uint8Array>();

  async put(bytes: Uint8Array) {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    this.#bytes.set(`blob:sha256:${sha256}`, bytes);
    return { uri: `blob:sha256:${sha256}`, sha256, bytes: bytes.length };
  }

  async get(uri: string): Promise<Uint8Array> {
    const bytes = this.#bytes.get(uri);
    if (!bytes) throw new Error(`no blob ${uri}`);
    return bytes;
  }
}
