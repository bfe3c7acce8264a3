/**
 * The part of the executor SDK's contract that the stages use.
 */

/** A reference to the outputs of a fan-out's children. */
export interface CollectionRef {
  readonly collection: { readonly dag: string; readonly job: string; readonly count: number; readonly uri: string };
}

/** One child of a collection. */
export interface CollectionItem {
  readonly index: number;
  readonly state: string;
  readonly output: unknown;
}

/** What `run` gets beside its input. */
export interface ExecutorContext {
  readonly signal: AbortSignal;
  readonly job: { readonly dag: string; readonly job: string; readonly index?: number; readonly attempt: number };
  progress(fraction: number, message?: string): void;
  readonly log: { info(detail: unknown, message?: string): void; warn(detail: unknown, message?: string): void };
  readonly blobs: {
    put(bytes: Uint8Array): Promise<{ uri: string; sha256: string; bytes: number }>;
    get(uri: string): Promise<Uint8Array>;
  };
  collection(ref: CollectionRef): AsyncIterable<CollectionItem>;
  collectionItem(ref: CollectionRef, index: number): Promise<CollectionItem>;
}

/** An executor: which class of jobs it runs, how many at a time, and how. */
export interface ExecutorDefinition {
  readonly class: string;
  readonly slots: number;
  run(ctx: ExecutorContext, input: Record<string, unknown>): Promise<unknown>;
}

/** Names an executor; the identity for now. */
export function defineExecutor(definition: ExecutorDefinition): ExecutorDefinition {
  return definition;
}
