import { readPair } from './generated/codec.js';
import type { Pair, SubmitDag } from './generated/types.js';
import { Reader } from './wire/reader.js';

/** What a submission says of its DAG before its jobs come: what searches look at. */
export type SubmissionHead = Pick<
  SubmitDag,
  'dagId' | 'idempotencyKey' | 'tenant' | 'name' | 'template' | 'priority' | 'labels'
>;

const reader = new Reader();

/** The head of a submission in its canonical bytes. Its jobs, nearly all of the bytes, are not looked at. */
export function readSubmissionHead(encoded: Uint8Array): SubmissionHead {
  reader.reset(encoded);
  const dagId = reader.string();
  const idempotencyKey = reader.string();
  const tenant = reader.string();
  const name = reader.string();
  const template = reader.index(2) === 0 ? null : reader.string();
  const priority = reader.int();
  for (let deadline = 0; deadline < 2; deadline++) if (reader.index(2) === 1) reader.long();
  reader.index(2);
  const labels: Pair[] = [];
  const count = reader.arrayCount();
  for (let i = 0; i < count; i++) labels.push(readPair(reader));
  if (count > 0) reader.nextBlock();
  reader.release();
  return { dagId, idempotencyKey, tenant, name, template, priority, labels };
}
