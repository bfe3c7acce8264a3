import { z } from 'zod';
import { MAX_BUCKET, MAX_RATES } from '../../kernel/limits.js';

/** A token bucket of a class as people write it, in a configuration and in a plan; the kernel has the same bounds. */
const rate = z
  .strictObject({
    per: z.enum(['starts', 'units']),
    add: z.int().min(1).max(MAX_BUCKET),
    perMs: z.int().min(1),
    /** What it holds at most; where absent, what is added at a time. */
    burst: z.int().min(1).optional(),
  })
  .transform(({ burst, ...rest }) => ({ ...rest, burst: burst ?? rest.add }))
  .refine(({ perMs, burst }) => perMs * burst <= MAX_BUCKET, 'burst times perMs is at most 2^50');

/** Limits of a class's starts or units over time, such as the tokens a minute of a model. */
export const rates = z.array(rate).max(MAX_RATES).default([]);
