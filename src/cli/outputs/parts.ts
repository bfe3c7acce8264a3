/** Parts that several outputs are made of. */
import { z } from 'zod';

export const count = z.int().min(0);

/** Milliseconds since the Unix epoch, in the journal's time. */
export const atMs = z.int().describe('Milliseconds since the Unix epoch, in journal time.');

export const turn = count.describe('A turn of the journal.');

export const millis = z.int().describe('Milliseconds.');

export const clockAheadMs = z
  .int()
  .nullable()
  .describe('By how much the wall clock is ahead of journal time, below zero if behind; null but of a leader.');

export const job = z.object({
  job: z.string().describe('Its id; that of a child of a fan-out has its place behind it, in brackets.'),
  index: count,
  parent: z.string().nullable(),
  child: count.nullable(),
  kind: z.string(),
  executorClass: z.string(),
  state: z.string(),
  attempt: count,
  reason: z.string().nullable(),
  permille: count.describe('Progress of the running attempt, 0 to 1000.'),
  readyAtMs: atMs.nullable(),
  dispatchedAtMs: atMs.nullable(),
  endedAtMs: atMs.nullable(),
  children: z.record(z.string(), count).nullable().describe('For a fan-out: how many children there are by state.'),
});

export const spread = z.object({ meanMs: millis.nullable(), longestMs: millis.nullable() });

export const label = z.object({ name: z.string(), value: z.string() });
