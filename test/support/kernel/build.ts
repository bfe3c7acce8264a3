import { createHash } from 'node:crypto';
import * as plain from '../../../bench/support/dags.js';
import { encodeBody } from '../../../src/catalogue/codec.js';
import { CauseCode } from '../../../src/catalogue/generated/codes.js';
import type {
  BlobRef,
  BodyOf,
  EventEntry,
  InputEntry,
  JobSpec,
  RegisterExecutor,
  SetCellLimits,
  SetClassLimits,
  SubmitDag,
} from '../../../src/catalogue/generated/types.js';

/** A job of a submission with the defaults filled in. */
export function job(id: string, more: Partial<JobSpec> = {}): JobSpec {
  const isExecuted = (more.kind ?? 'executor') === 'executor';
  return plain.job(id, isExecuted ? 'ocr' : '', more);
}

/** A fan-out over a fixed number of children, or over what an upstream job says. */
export function fanOut(of: number | { from: string; at?: string; over?: boolean }, tolerate = 0): JobSpec['fanOut'] {
  if (typeof of === 'number') return { count: of, from: null, at: null, over: false, tolerate };
  return { count: null, from: of.from, at: of.at ?? null, over: of.over ?? false, tolerate };
}

/** A retry policy. */
export function retry(maxAttempts: number, baseMs = 0, maxMs = baseMs, nonRetryable: string[] = []): JobSpec['retry'] {
  return { maxAttempts, baseMs, maxMs, nonRetryable };
}

/** A condition as the bytes that a submission carries. */
export function when(condition: unknown): Uint8Array {
  return json(condition);
}

/** JSON as bytes. */
export function json(value: unknown): Uint8Array {
  return Uint8Array.from(Buffer.from(JSON.stringify(value)));
}

/** The name of an output that is too large to travel inline. */
export const BLOB: BlobRef = { uri: 'blob:1', sha256: new Uint8Array(32), bytes: 300_000 };

/** A submission with the defaults filled in. */
export function submission(dagId: string, jobs: readonly JobSpec[], more: Partial<SubmitDag> = {}): SubmitDag {
  return plain.submission(dagId, jobs, { tenant: 'acme', name: dagId, ...more });
}

/** Limits of a class, of which it has none but those given. */
export function classLimits(more: Partial<SetClassLimits> = {}): SetClassLimits {
  return {
    group: 'default',
    executorClass: 'ocr',
    maxSlots: null,
    unitCost: 0,
    shortReserve: null,
    rates: [],
    ...more,
  };
}

/** A registration with the defaults filled in. */
export function registration(executor: string, more: Partial<RegisterExecutor> = {}): RegisterExecutor {
  return {
    executor,
    incarnation: `${executor}-1`,
    group: 'default',
    executorClass: 'ocr',
    slots: 1,
    labels: [],
    sessionMs: 10_000,
    held: [],
    ...more,
  };
}

/** Limits of the cell, with defaults where nothing is said. */
export function cellLimits(more: Partial<SetCellLimits> = {}): SetCellLimits {
  return { knownJobs: null, retainTerminalMs: null, retainTerminalJobs: null, retainExecutorsMs: null, ...more };
}

let minted = 0;

/** An input in an envelope with the digest of its body. */
export function input<C extends InputEntry['code']>(
  code: C,
  body: BodyOf<C>,
  inputId = `input-${++minted}`,
): InputEntry {
  const digest = createHash('sha256')
    .update(encodeBody(code as never, body as never))
    .digest()
    .subarray(0, 16);
  return {
    code,
    envelope: { inputId, receivedAtMs: 0, principal: null, traceparent: null, digest },
    body,
  } as unknown as InputEntry;
}

/** A fact that the shell notes. */
export function shellEvent<C extends EventEntry['code']>(code: C, body: BodyOf<C>): EventEntry {
  return { code, cause: CauseCode.shell, body } as unknown as EventEntry;
}
