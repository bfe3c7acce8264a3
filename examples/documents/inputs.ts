import { z } from 'zod';
import type { JobContext, JobInput } from '../../src/executor/index.js';
import { documentError } from './errors.js';
import type { DocumentRef, PageRef } from './model.js';

const classes = z.enum(['invoice', 'receipt', 'letter', 'other']);
const pageChild = z.object({ item: z.object({ page: z.int(), uri: z.string() }), index: z.int() });
const documentChild = z.object({
  item: z.object({ document: z.int(), class: classes, from: z.int(), to: z.int(), uri: z.string() }),
  index: z.int(),
});

/** The page of a per-page job, as the fan-out gives it. */
export function pageOf(input: JobInput): PageRef {
  return parsed(pageChild, input, 'this job must be a child of a fan-out over pages').item;
}

/** The document of a per-document job, as the fan-out gives it. */
export function documentOf(input: JobInput): DocumentRef {
  return parsed(documentChild, input, 'this job must be a child of a fan-out over documents').item;
}

/**
 * What an earlier stage found out about the same page or document: the output of its child with the same index, since
 * both stages fan out over the same list.
 */
export async function sameItem<T>(ctx: JobContext, input: JobInput, name: string): Promise<T> {
  const index = inputAs(z.int(), input, 'index');
  const output = await ctx.collectionItem<T>(input[name], index);
  if (output === null) throw documentError('upstream-missing', `input ${name} has nothing at ${index}`);
  return output;
}

/** What an earlier stage found out about the pages of a document. */
export function pagesOf<T>(ctx: JobContext, input: JobInput, name: string): Promise<T[]> {
  const { from, to } = documentOf(input);
  return outputs<T>(ctx, input, name, { from: from - 1, limit: to - from + 1 });
}

/** What an earlier stage found out about everything, in order. */
export function allOf<T>(ctx: JobContext, input: JobInput, name: string): Promise<T[]> {
  return outputs<T>(ctx, input, name, {});
}

async function outputs<T>(
  ctx: JobContext,
  input: JobInput,
  name: string,
  range: { readonly from?: number; readonly limit?: number },
): Promise<T[]> {
  const found: T[] = [];
  for await (const { index, state, output } of ctx.collection<T>(input[name]).entries(range)) {
    if (output === null) throw documentError('upstream-missing', `input ${name}: child ${index} is ${state}`);
    found.push(output);
  }
  return found;
}

/** An input in the form that it must have. */
export function inputAs<T>(schema: z.ZodType<T>, input: JobInput, name: string): T {
  return parsed(schema, input[name], `input ${name}`);
}

/** The blob that an input names. */
export function uriOf(input: JobInput, name: string): string {
  return inputAs(z.object({ uri: z.string() }), input, name).uri;
}

function parsed<T>(schema: z.ZodType<T>, value: unknown, message: string): T {
  const result = schema.safeParse(value);
  if (!result.success) throw documentError('input-invalid', `${message}: ${z.prettifyError(result.error)}`);
  return result.data;
}
