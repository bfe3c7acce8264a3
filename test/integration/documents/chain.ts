import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { documentDag } from '../../../examples/documents/dag.js';
import type {
  Collection,
  CollectionEntry,
  CollectionRange,
  CollectionRef,
  JobBlobs,
  JobContext,
  Log,
  RunOptions,
} from '../../../src/executor/index.js';

interface ChainJob {
  readonly id: string;
  readonly executorClass: string;
  readonly after?: readonly string[];
  readonly kind: 'executor' | 'signal';
  readonly inputs?: Readonly<Record<string, ChainBinding>>;
  readonly fanOut?: { readonly over: { readonly from: string; readonly at: string }; readonly tolerate?: number };
  readonly when?: { readonly job: string; readonly at: string; readonly op: 'gt'; readonly value: number };
}

interface ChainBinding {
  readonly uri?: string;
  readonly value?: unknown;
  readonly from?: string;
  readonly at?: string;
}

/** What running the chain gave. */
export interface ChainRun {
  /** Output of each job; that of a fan-out is the list of its children's outputs. */
  readonly outputs: ReadonlyMap<string, unknown>;
  /** How long each job took, all children together. */
  readonly elapsedMs: ReadonlyMap<string, number>;
  readonly blobs: JobBlobs;
  /** The most runs of each class that were under way at one time. */
  readonly mostAtOnce: ReadonlyMap<string, number>;
}

/**
 * Runs the jobs of the document DAG in the order in which they are written, without a fabric: blobs and collections
 * are kept in memory and outputs go through JSON, as they would on the wire.
 * @param answer What a person answers, when one is asked.
 */
export async function runChain(
  executors: RunOptions['executors'],
  pdf: Uint8Array,
  answer: unknown = null,
): Promise<ChainRun> {
  const blobs = new MemoryBlobs();
  const outputs = new Map<string, unknown>();
  const elapsedMs = new Map<string, number>();
  const mostAtOnce = new Map<string, number>();
  const { uri } = await blobs.put(pdf);
  for (const job of documentDag(uri).jobs as ChainJob[]) {
    if (job.kind === 'signal') {
      const isAsked = job.when && Number(pointer(outputs.get(job.when.job), job.when.at)) > job.when.value;
      outputs.set(job.id, isAsked ? answer : null);
      continue;
    }
    const executor = executors.find((candidate) => candidate.class === job.executorClass);
    if (!executor) throw new Error(`no executor of class ${job.executorClass}`);
    const missing = (job.after ?? []).filter((id) => !outputs.has(id));
    if (missing.length > 0) throw new Error(`${job.id} comes before ${missing.join(', ')}`);
    const input = Object.fromEntries(Object.entries(job.inputs ?? {}).map(([name, b]) => [name, bind(b, outputs)]));
    const start = performance.now();
    let running = 0;
    const run = async (more: Record<string, unknown>, index?: number) => {
      mostAtOnce.set(executor.class, Math.max(mostAtOnce.get(executor.class) ?? 0, ++running));
      const attempt = Promise.resolve(executor.run(contextOf(job.id, outputs, blobs, index), { ...input, ...more }));
      const output = await attempt.catch((error: unknown) => {
        if (!job.fanOut?.tolerate) throw error;
        return null;
      });
      running--;
      return JSON.parse(JSON.stringify(output)) as unknown;
    };
    const items = job.fanOut && (pointer(outputs.get(job.fanOut.over.from), job.fanOut.over.at) as unknown[]);
    outputs.set(job.id, items ? await fanOut(items, executor.slots, run) : await run({}));
    elapsedMs.set(job.id, performance.now() - start);
  }
  return { outputs, elapsedMs, blobs, mostAtOnce };
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

function bind({ uri, value, from, at }: ChainBinding, outputs: ReadonlyMap<string, unknown>): unknown {
  if (from === undefined) return uri === undefined ? value : { uri };
  const output = outputs.get(from);
  if (!Array.isArray(output)) return pointer(output, at ?? '');
  return { collection: { dagId: 'test', job: from, count: output.length } };
}

function pointer(value: unknown, at: string): unknown {
  return at
    .split('/')
    .slice(1)
    .reduce((inner, key) => (inner as Record<string, unknown>)[key], value);
}

/** The context of one run: outputs of the other jobs are at hand, nothing is logged and nothing ends it. */
export function contextOf(
  job: string,
  outputs: ReadonlyMap<string, unknown>,
  blobs: JobBlobs = new MemoryBlobs(),
  index?: number,
): JobContext {
  const outputsOf = <T>(ref: unknown) => outputs.get((ref as CollectionRef).collection.job) as T[];
  return {
    signal: new AbortController().signal,
    job: {
      dagId: 'test',
      job,
      tenant: 'test',
      attempt: 1,
      token: '',
      timeoutMs: null,
      ...(index === undefined ? {} : { index }),
    },
    progress: () => undefined,
    useUnits: () => undefined,
    log: silent,
    blobs,
    collection: <T>(ref: unknown) => collectionOf(outputsOf<T>(ref)),
    collectionItem: async <T>(ref: unknown, at: number) => outputsOf<T>(ref)[at] ?? null,
  };
}

function collectionOf<T>(outputs: readonly T[]): Collection<T> {
  const values = async function* (): AsyncGenerator<T> {
    for (const output of outputs) yield await output;
  };
  const entries = async function* ({
    from = 0,
    limit = outputs.length,
  }: CollectionRange = {}): AsyncGenerator<CollectionEntry<T>> {
    for (const [offset, output] of outputs.slice(from, from + limit).entries()) {
      yield { index: from + offset, state: output === null ? 'failed' : 'succeeded', output };
    }
  };
  return { count: outputs.length, entries, [Symbol.asyncIterator]: values };
}

const silent: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silent,
};

/** Blobs in memory, named by what is in them. */
class MemoryBlobs implements JobBlobs {
  readonly #bytes = new Map<string, Buffer>();

  async put(content: Uint8Array | string | Readable) {
    const bytes = content instanceof Readable ? Buffer.concat(await content.toArray()) : Buffer.from(content);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    this.#bytes.set(`blob:sha256:${sha256}`, bytes);
    return { uri: `blob:sha256:${sha256}`, sha256, bytes: bytes.length };
  }

  async get(ref: string | { readonly uri: string }): Promise<Buffer> {
    const uri = typeof ref === 'string' ? ref : ref.uri;
    const bytes = this.#bytes.get(uri);
    if (!bytes) throw new Error(`no blob ${uri}`);
    return bytes;
  }

  async json<T>(ref: string | { readonly uri: string }): Promise<T> {
    return JSON.parse((await this.get(ref)).toString('utf8')) as T;
  }

  async stream(ref: string | { readonly uri: string }): Promise<Readable> {
    return Readable.from(await this.get(ref));
  }
}
