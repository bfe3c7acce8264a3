/**
 * Encoding and decoding of single inputs and bodies. Synchronous; one buffer is used again for everything that is
 * written, so only the result is allocated. There is one encoding of a value, and decoding refuses every other one.
 */
import { bodyDigest } from './digest.js';
import { CatalogueError } from './error.js';
import {
  BODY_READERS,
  BODY_WRITERS,
  type BodyReader,
  type BodyWriter,
  readEnvelope,
  writeEnvelope,
} from './generated/codec.js';
import { Code, isInputCode } from './generated/codes.js';
import type { AnyEntry, BodyOf, EntryOf, Envelope, InputCode, InputEntry } from './generated/types.js';
import { Reader } from './wire/reader.js';
import { Writer } from './wire/writer.js';

/** What comes with an input, before its digest is known. */
export type Sender = Omit<Envelope, 'digest'>;

const TRACEPARENT = /^[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}$/u;

/** The trace context that a header gives; null where it is none of the form that W3C says. */
export function traceparentOf(header: unknown): string | null {
  return typeof header === 'string' && TRACEPARENT.test(header) ? header : null;
}

/** Largest buffer that is kept between two calls. */
const KEPT_BYTES = 1 << 20;

const writer = new Writer();
const reader = new Reader();

const WRITERS: (BodyWriter | undefined)[] = [];
for (const [code, write] of BODY_WRITERS) WRITERS[code] = write;
const READERS: (BodyReader | undefined)[] = [];
for (const [code, read] of BODY_READERS) READERS[code] = read;

/** Writes a body. Throws `unknown-version` for a number that the catalogue does not have. */
export function writeBody(w: Writer, code: number, body: object): void {
  const write = WRITERS[code];
  if (write === undefined) throw unknownCode(code);
  write(w, body as never);
}

/** Reads a body. Throws `unknown-version` for a number that the catalogue does not have. */
export function readBody(r: Reader, code: number): object {
  const read = READERS[code];
  if (read === undefined) throw unknownCode(code);
  return read(r);
}

function unknownCode(code: number): CatalogueError {
  return new CatalogueError('unknown-version', `no input or event has the number ${code} in this catalogue`);
}

/** Canonical bytes of a body. Throws `invalid-value` for what its schema does not allow. */
export function encodeBody<C extends AnyEntry['code']>(code: C, body: BodyOf<C>): Buffer {
  writer.reset();
  writeBody(writer, code, body);
  return taken(writer);
}

/** The body of canonical bytes; its bytes fields are views on `bytes`. Throws `undecodable`, `unknown-version`. */
export function decodeBody<C extends AnyEntry['code']>(code: C, bytes: Uint8Array): BodyOf<C> {
  return decode(bytes, (r) => readBody(r, code) as BodyOf<C>);
}

/**
 * The body of bytes that somebody else wrote, who had an Avro library: some write arrays in several blocks, or with
 * their sizes. Else as `decodeBody`. What is sealed of it has the canonical bytes.
 */
export function decodeForeignBody<C extends AnyEntry['code']>(code: C, bytes: Uint8Array): BodyOf<C> {
  return decode(bytes, (r) => readBody(r, code) as BodyOf<C>, true);
}

/** Canonical bytes of an input: its envelope, then its body. */
export function encodeInput({ code, envelope, body }: InputEntry): Buffer {
  writer.reset();
  writeEnvelope(writer, envelope);
  writeBody(writer, code, body);
  return taken(writer);
}

/** The input of canonical bytes; its bytes fields are views on `bytes`. Throws `undecodable`, `unknown-version`. */
export function decodeInput(code: number, bytes: Uint8Array): InputEntry {
  if (!isInputCode(code)) throw new CatalogueError('unknown-version', `no input has the number ${code}`);
  return decode(bytes, (r) => ({ code, envelope: readEnvelope(r), body: readBody(r, code) }) as InputEntry);
}

/** Makes an input of a body and what comes with it: the digest is that of the body's canonical bytes. */
export function sealInput<C extends InputCode>(code: C, sender: Sender, body: BodyOf<C>): EntryOf<C> & InputEntry {
  const { inputId, receivedAtMs, principal, traceparent } = sender;
  writer.reset();
  writeBody(writer, code, body);
  const digest = bodyDigest(writer.written, writer.length);
  const envelope: Envelope = { inputId, receivedAtMs, principal, traceparent, digest };
  const sealed = code === Code.SubmitDag ? { code, envelope, body, encoded: taken(writer) } : { code, envelope, body };
  return sealed as unknown as EntryOf<C> & InputEntry;
}

/** Whether an entry is an input. */
export function isInput(entry: AnyEntry): entry is InputEntry {
  return isInputCode(entry.code);
}

/** What was written, with the buffer given back if it has become large. */
export function taken(w: Writer): Buffer {
  const bytes = w.take();
  if (bytes.length > KEPT_BYTES) w.shrink(KEPT_BYTES);
  return bytes;
}

/** Reads all of `bytes` by `read`. */
function decode<T>(bytes: Uint8Array, read: (r: Reader) => T, anyBlocks = false): T {
  reader.reset(bytes, anyBlocks);
  try {
    const value = read(reader);
    reader.finish();
    return value;
  } finally {
    reader.release();
  }
}
