import { z } from 'zod';
import { DocumentError } from './errors.js';
import type { PageRef } from './model.js';
import type { CollectionItem, CollectionRef, ExecutorContext } from './sdk.js';

const pageChild = z.object({ item: z.object({ page: z.number().int(), uri: z.string() }), index: z.number().int() });
const collectionRef = z.object({
  collection: z.object({ dag: z.string(), job: z.string(), count: z.number().int(), uri: z.string() }),
});
const blobRef = z.strictObject({ uri: z.string(), sha256: z.string(), bytes: z.number().int() });

/** The input of a per-page job as the fan-out gives it: its page, and its index among its siblings. */
export function pageOf(input: Record<string, unknown>): PageRef & { readonly index: number } {
  const { item, index } = check(pageChild, input, 'this job must be a child of a fan-out over the pages');
  return { ...item, index };
}

/** What an earlier stage found out about the same page: the output of its child with the same index. */
export async function samePage<T>(ctx: ExecutorContext, input: Record<string, unknown>, name: string): Promise<T> {
  const { index } = pageOf(input);
  return outputOf<T>(ctx, await ctx.collectionItem(collectionOf(input, name), index));
}

/** What an earlier stage found out about all the pages, in page order. */
export async function allPages<T>(ctx: ExecutorContext, input: Record<string, unknown>, name: string): Promise<T[]> {
  const outputs: T[] = [];
  for await (const item of ctx.collection(collectionOf(input, name))) outputs.push(await outputOf<T>(ctx, item));
  return outputs;
}

/** The value of an input, or of the blob that holds it if the value was too large to travel inline. */
export async function valueOf<T>(ctx: ExecutorContext, input: Record<string, unknown>, name: string): Promise<T> {
  return inline<T>(ctx, input[name]);
}

/** The blob that an input names. */
export function uriOf(input: Record<string, unknown>, name: string): string {
  return check(z.object({ uri: z.string() }), input[name], `input ${name} must be {uri}`).uri;
}

function collectionOf(input: Record<string, unknown>, name: string): CollectionRef {
  return check(collectionRef, input[name], `input ${name} must be bound to a fan-out`);
}

async function outputOf<T>(ctx: ExecutorContext, item: CollectionItem): Promise<T> {
  if (item.state !== 'succeeded') {
    throw new DocumentError('upstream-missing', `page ${item.index + 1} of an earlier stage has ${item.state}`);
  }
  return inline<T>(ctx, item.output);
}

async function inline<T>(ctx: ExecutorContext, value: unknown): Promise<T> {
  const ref = blobRef.safeParse(value);
  if (!ref.success) return value as T;
  return JSON.parse(new TextDecoder().decode(await ctx.blobs.get(ref.data.uri))) as T;
}

function check<T>(schema: z.ZodType<T>, value: unknown, message: string): T {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new DocumentError('input-invalid', `${message}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
