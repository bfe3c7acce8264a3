/**
 * Reads one callback: from the text of a line to an input of the catalogue. The quick way takes exactly what
 * `callbackSchema` takes (a test compares them); on anything else the schema says what is wrong.
 */

import { isDigest } from '../../blobs/port.js';
import { sealInput } from '../../catalogue/codec.js';
import { Code } from '../../catalogue/generated/codes.js';
import type { BlobRef, InputEntry, LeaseRef } from '../../catalogue/generated/types.js';
import { parseLease } from '../../catalogue/lease.js';
import { rawMember, TooDeep } from '../json/raw.js';
import { fits, type Line } from '../json/text.js';
import { ADDRESS_BYTES, INT_MAX, NAME_BYTES, OUTPUT_BYTES, TEXT_BYTES, TOKEN_BYTES } from '../limits.js';
import { Refusal, refusalOf } from '../problems.js';
import type { Senders } from '../seal.js';
import { problemsOf } from '../submission/problems.js';
import { parseJson, textWithin, tooDeep } from '../submission/read.js';
import { DOUBT, doubt, type Fields, takeBoolean, takeInt, takeObject, takeText } from '../submission/take.js';
import { callbackSchema } from './schema.js';

/** What the request around a callback says. */
export interface CallbackContext {
  readonly cell: string;
  readonly executor: string;
  readonly incarnation: string;
  readonly senders: Senders;
}

/** Room for the members beside an output. */
const LINE_BYTES = OUTPUT_BYTES + 64 * 1024;

/** The input that a line stands for, or null for a heartbeat. Throws `Refusal`. */
export function readCallback(line: Line, context: CallbackContext): InputEntry | null {
  const text = textWithin(line, LINE_BYTES);
  const parsed = parseJson(text);
  try {
    return convert(takeObject(parsed), text, context);
  } catch (error) {
    if (error === DOUBT) throw refusalFor(parsed);
    throw error instanceof TooDeep ? tooDeep() : error;
  }
}

/** A heartbeat of the sender. */
export function heartbeat({ executor, incarnation, senders }: Omit<CallbackContext, 'cell'>): InputEntry {
  return sealInput(Code.Heartbeat, senders.next(), { executor, incarnation });
}

function convert(fields: Fields, text: string, context: CallbackContext): InputEntry | null {
  switch (fields['type']) {
    case 'complete':
      return complete(fields, text, context);
    case 'ack':
      only(fields, ACK);
      return sealInput(Code.AcknowledgeDispatch, context.senders.next(), { lease: leaseOf(fields, context) });
    case 'heartbeat':
      only(fields, HEARTBEAT);
      return null;
    case 'progress':
      return progress(fields, context);
    case 'fail':
      return fail(fields, context);
    case 'return':
      return giveBack(fields, context);
    default:
      return doubt();
  }
}

const HEARTBEAT: ReadonlySet<string> = new Set(['type']);
const ACK: ReadonlySet<string> = new Set(['type', 'token']);
const PROGRESS: ReadonlySet<string> = new Set(['type', 'token', 'permille', 'message']);
const FAIL: ReadonlySet<string> = new Set(['type', 'token', 'code', 'message', 'retryable', 'unitsUsed']);
const RETURN: ReadonlySet<string> = new Set(['type', 'token', 'reason', 'unitsUsed']);

function only(fields: Fields, names: ReadonlySet<string>): void {
  for (const name in fields) if (!names.has(name)) doubt();
}

function complete(fields: Fields, text: string, context: CallbackContext): InputEntry {
  let output: Uint8Array | null = null;
  let blob: BlobRef | null = null;
  let unitsUsed: number | null = null;
  for (const name in fields) {
    if (name === 'output') output = outputOf(text);
    else if (name === 'blob') blob = blobOf(takeObject(fields[name]));
    else if (name === 'unitsUsed') unitsUsed = takeInt(fields[name], 0, INT_MAX);
    else if (name !== 'type' && name !== 'token') doubt();
  }
  if (output !== null && blob !== null) doubt();
  const lease = leaseOf(fields, context);
  return sealInput(Code.CompleteJob, context.senders.next(), { lease, output, blob, unitsUsed });
}

function progress(fields: Fields, context: CallbackContext): InputEntry {
  only(fields, PROGRESS);
  const permille = takeInt(fields['permille'], 0, 1_000);
  const message = fields['message'] === undefined ? null : takeText(fields['message'], TEXT_BYTES);
  const lease = leaseOf(fields, context);
  return sealInput(Code.ReportProgress, context.senders.next(), { lease, permille, message });
}

function fail(fields: Fields, context: CallbackContext): InputEntry {
  only(fields, FAIL);
  const code = takeText(fields['code'], NAME_BYTES);
  if (code === '') doubt();
  const message = textOr(fields, 'message');
  const retryable = fields['retryable'] === undefined ? true : takeBoolean(fields['retryable']);
  const unitsUsed = unitsOf(fields);
  const lease = leaseOf(fields, context);
  return sealInput(Code.FailJob, context.senders.next(), { lease, code, message, retryable, unitsUsed });
}

function giveBack(fields: Fields, context: CallbackContext): InputEntry {
  only(fields, RETURN);
  const reason = textOr(fields, 'reason');
  const unitsUsed = unitsOf(fields);
  return sealInput(Code.ReturnJob, context.senders.next(), { lease: leaseOf(fields, context), reason, unitsUsed });
}

function textOr(fields: Fields, name: string): string {
  return fields[name] === undefined ? '' : takeText(fields[name], TEXT_BYTES);
}

function unitsOf(fields: Fields): number | null {
  return fields['unitsUsed'] === undefined ? null : takeInt(fields['unitsUsed'], 0, INT_MAX);
}

/** A token that is none of this cell can never have been in force: refused as the kernel refuses such. */
function leaseOf(fields: Fields, { cell }: CallbackContext): LeaseRef {
  const token = fields['token'];
  if (typeof token !== 'string' || token === '' || !fits(token, TOKEN_BYTES)) return doubt();
  const lease = parseLease(cell, token);
  if (lease === null) throw new Refusal('stale-token', 'the token is none of this cell');
  return lease;
}

function outputOf(text: string): Uint8Array {
  const raw = rawMember(text, 'output') ?? doubt();
  const bytes = Buffer.from(raw, 'utf8');
  if (bytes.length > OUTPUT_BYTES) {
    throw new Refusal('payload-too-large', `an output of ${bytes.length} bytes; put it into a blob`);
  }
  return bytes;
}

function blobOf(fields: Fields): BlobRef {
  for (const name in fields) if (name !== 'uri' && name !== 'sha256' && name !== 'bytes') doubt();
  const uri = takeText(fields['uri'], ADDRESS_BYTES);
  const sha256 = fields['sha256'];
  if (uri === '' || typeof sha256 !== 'string' || !isDigest(sha256)) return doubt();
  return { uri, sha256: Buffer.from(sha256, 'hex'), bytes: takeInt(fields['bytes'], 0, Number.MAX_SAFE_INTEGER) };
}

function refusalFor(parsed: unknown): Refusal {
  const result = callbackSchema.safeParse(parsed);
  if (result.success) return new Refusal('invalid-value', 'the callback is not of the form that the API page gives');
  return refusalOf(problemsOf(result.error, parsed));
}
