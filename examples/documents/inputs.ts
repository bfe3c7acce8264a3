import { z } from 'zod';
import type { JobContext, JobInput } from '../../src/executor/index.js';
import { documentError } from './errors.js';
import type { PageRef } from './model.js';

const pageChild = z.object({ item: z.object({ page: z.number().int(), uri: z.string() }), index: z.number().int() });
const uriInput = z.object({ uri: z.string() });

/** The input of a per-page job as the fan-out gives it: its page, and its index among its siblings. */
export function pageOf(input: JobInput): PageRef & { readonly index: number } {
  const { item, index } = check(pageChild, input, 'this job must be a child of a fan-out over the pages');
  return { ...item, index };
}

/**
 * What an earlier stage found out about the same page: the output of its child with the same index, since all stages
 * fan out over the same list of pages.
 */
export async function samePage<T>(ctx: JobContext, input: JobInput, name: string): Promise<T> {
  const { page, index } = pageOf(input);
  const output = await ctx.collectionItem<T>(input[name], index);
  if (output === null) throw documentError('upstream-missing', `input ${name} has nothing about page ${page}`);
  return output;
}

/** What an earlier stage found out about all the pages, in page order. */
export async function allPages<T>(ctx: JobContext, input: JobInput, name: string): Promise<T[]> {
  const outputs: T[] = [];
  for await (const { index, state, output } of ctx.collection<T>(input[name]).entries()) {
    if (output === null) throw documentError('upstream-missing', `input ${name}: page ${index + 1} has ${state}`);
    outputs.push(output);
  }
  return outputs;
}

/** The blob that an input names. */
export function uriOf(input: JobInput, name: string): string {
  return check(uriInput, input[name], `input ${name} must be {uri}`).uri;
}

function check<T>(schema: z.ZodType<T>, value: unknown, message: string): T {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw documentError('input-invalid', `${message}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
