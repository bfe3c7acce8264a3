/** Inputs as records of the input topics, both ways. */
import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { decodeForeignBody, encodeBody, type Sender, sealInput, traceparentOf } from '../../catalogue/codec.js';
import { CatalogueError } from '../../catalogue/error.js';
import { Code, isInputCode, nameOf, topicOf } from '../../catalogue/generated/codes.js';
import type { InputEntry } from '../../catalogue/generated/types.js';
import type { Framing } from '../../kafka/framing.js';
import type { OutgoingRecord } from '../../kafka/protocol/record-batch.js';
import type { IncomingRecord } from '../../kafka/reading/partition-reader.js';
import type { InputTopic } from '../../kafka/topics/names.js';

const AVRO = 'application/avro';
const JSON_TYPE = 'application/json';
/** Bytes of what can't be read that are kept. */
const HEAD_BYTES = 256;
/** Bytes of what is said of it, at most: it may quote what can't be read. */
const DETAIL_BYTES = 4096;
/**
 * Bytes of the largest value that is read: with what its turn says of it that must fit into one record of the journal. A
 * submission of 8 MiB of JSON may be a little more in Avro; nothing else that is valid is half as large as its bound.
 */
const MAX_BYTES: Readonly<Record<InputTopic, number>> = {
  submissions: 9 * 1024 * 1024,
  callbacks: 1024 * 1024,
  controls: 1024 * 1024,
};
/** Longest id of an input, in bytes; what is longer is none. */
const MAX_ID_BYTES = 256;
const DIGITS = /^\d+$/u;

/** Reads a submission that was written as JSON. Throws an error with `details` {code, detail} for one that is wrong. */
type ReadJson = (bytes: Buffer, sender: Sender, tenant: string, idempotencyKey: string | null) => InputEntry;

/** What the edge makes of what anybody may have written: the rules of an input are its own, whatever brings it. */
export interface Edge {
  readonly readJson: ReadJson;
  /** Checks an input that was written as Avro. Throws as `readJson` does. */
  readonly check: (input: InputEntry) => void;
}

/** An input as a record of its topic. What comes with it is in the headers, the value is its body alone. */
export function recordOfInput(input: InputEntry, framing: Framing): OutgoingRecord {
  const { code, envelope } = input;
  const body = bodyOf(input);
  const { inputId, receivedAtMs, traceparent } = envelope;
  return {
    key: keyOf(input),
    value: framing.frame(code, body),
    headers: {
      'content-type': AVRO,
      schema: `${nameOf(code)}@1`,
      'input-id': inputId,
      'received-at': String(receivedAtMs),
      ...(traceparent === null ? {} : { traceparent }),
    },
  };
}

function bodyOf(input: InputEntry): Uint8Array {
  if (input.code === Code.SubmitDag && input.encoded !== undefined) return input.encoded;
  return encodeBody(input.code, input.body as never);
}

/** What an input is about: inputs with one key keep their order. */
export function keyOf(input: InputEntry): string {
  const { body } = input;
  if ('dagId' in body) return `${body.tenant}/${body.dagId}`;
  if ('executor' in body) return body.executor;
  if ('lease' in body) return `${body.lease.dag}`;
  return nameOf(input.code);
}

/** Where a record stands. */
export interface RecordPlace {
  readonly topic: InputTopic;
  readonly partition: number;
}

/** The input that a record stands for. What can't be read becomes an `Undecodable`: no record stops a partition. */
export function inputOfRecord(record: IncomingRecord, place: RecordPlace, framing: Framing, edge: Edge): InputEntry {
  const sender = senderOf(record, place);
  const value = record.value ?? Buffer.alloc(0);
  const most = MAX_BYTES[place.topic];
  if (value.length > most) {
    return undecodable(sender, value, 'payload-too-large', `${value.length} bytes, more than ${most}`);
  }
  try {
    return read(record, value, sender, place, { framing, edge });
  } catch (error) {
    const { code, detail } = problemOf(error);
    return undecodable(sender, value, code, detail);
  }
}

interface Languages {
  readonly framing: Framing;
  readonly edge: Edge;
}

function read(
  record: IncomingRecord,
  value: Buffer,
  sender: Sender,
  { topic }: RecordPlace,
  { framing, edge }: Languages,
): InputEntry {
  if (isJson(textHeader(record, 'content-type'))) {
    if (topic !== 'submissions') return undecodable(sender, value, 'undecodable', `JSON is read from submissions only`);
    const tenant = sureHeader(record, 'tenant') ?? 'default';
    return edge.readJson(value, sender, tenant, sureHeader(record, 'idempotency-key'));
  }
  const unframed = framing.read(value);
  if ('reason' in unframed) return undecodable(sender, value, unframed.reason, unframed.detail);
  const { code, body } = unframed;
  if (!isInputCode(code) || topicOf(code) !== topic) {
    return undecodable(sender, value, 'undecodable', `a ${nameOf(code)} is no input of the topic ${topic}`);
  }
  const input = sealInput(code, sender, decodeForeignBody(code, body));
  edge.check(input);
  return input;
}

function senderOf(record: IncomingRecord, { topic, partition }: RecordPlace): Sender {
  const inputId = textHeader(record, 'input-id');
  return {
    inputId: isId(inputId) ? inputId : `${topic}/${partition}/${record.offset}`,
    receivedAtMs: timeIn(textHeader(record, 'received-at')) ?? nearestTime(record.timestampMs),
    principal: null,
    traceparent: traceparentOf(textHeader(record, 'traceparent')),
  };
}

/** An id becomes an idempotency key and part of a DAG's id where none are given: what these can't be it isn't either. */
function isId(text: string | undefined): text is string {
  if (text === undefined || text === '' || text.includes('\u0000')) return false;
  return Buffer.byteLength(text) <= MAX_ID_BYTES;
}

/** Media types ignore case, and may have parameters. */
function isJson(contentType = ''): boolean {
  const [type = ''] = contentType.split(';', 1);
  return type.trim().toLowerCase() === JSON_TYPE;
}

/** A topic may keep the producers' times, which are any 64 bits: of what is no time of ours, the one that is nearest. */
function nearestTime(ms: number): number {
  return Math.min(Math.max(0, ms), Number.MAX_SAFE_INTEGER);
}

/** The ms since 1970 that a text is; null where it is anything but digits, of all that `Number` takes. */
function timeIn(text: string | undefined): number | null {
  if (text === undefined || !DIGITS.test(text)) return null;
  const ms = Number(text);
  return Number.isSafeInteger(ms) ? ms : null;
}

/** A header's bytes. Of those of one name the last one counts, as for Kafka's own clients; one without a value is none. */
function bytesOf({ headers }: IncomingRecord, name: string): Buffer | null {
  const found = headers[name] ?? null;
  return Buffer.isBuffer(found) ? found : (found?.at(-1) ?? null);
}

/** A header's text; absent where it isn't there, or is no UTF-8. */
function textHeader(record: IncomingRecord, name: string): string | undefined {
  const bytes = bytesOf(record, name);
  return bytes !== null && isUtf8(bytes) ? bytes.toString('utf8') : undefined;
}

/** The same of one without which the input would be another's, or carried out twice. Throws where it is no UTF-8. */
function sureHeader(record: IncomingRecord, name: string): string | null {
  const text = textHeader(record, name) ?? null;
  if (text === null && bytesOf(record, name) !== null) {
    throw new CatalogueError('undecodable', `the header ${name} is no UTF-8`);
  }
  return text;
}

function undecodable(sender: Sender, value: Buffer, reason: string, detail: string): InputEntry {
  return sealInput(Code.Undecodable, sender, {
    reason,
    detail: Buffer.from(detail).subarray(0, DETAIL_BYTES).toString('utf8'),
    sha256: createHash('sha256').update(value).digest(),
    length: value.length,
    head: value.subarray(0, HEAD_BYTES),
  });
}

function problemOf(error: unknown): { readonly code: string; readonly detail: string } {
  if (error instanceof CatalogueError) return { code: error.code, detail: error.message };
  const { details } = error as { readonly details?: { readonly code: string; readonly detail: string } };
  if (details === undefined) throw error;
  return { code: details.code, detail: details.detail };
}
