/** Encoding and decoding of turn records, the units of the journal. */
import { isInput, readBody, taken, writeBody } from './codec.js';
import { bodyDigest } from './digest.js';
import { CatalogueError } from './error.js';
import { readEnvelope, readTurn, writeEnvelope, writeTurn } from './generated/codec.js';
import { CATALOGUE_FINGERPRINT, Code, isInputCode } from './generated/codes.js';
import type { AnyEntry, EventEntry, InputEntry, TurnHeader, TurnRecord } from './generated/types.js';
import { Reader } from './wire/reader.js';
import { MAX_INT_BYTES, MAX_LONG_BYTES, Writer } from './wire/writer.js';

/** The layout of turn records that this catalogue writes and reads. */
export const TURN_FORMAT = 1;

export interface DecodeTurnOptions {
  /** Compare the digest in each input's envelope with that of its body (`digest-mismatch` where it differs). */
  readonly digests?: 'check' | 'trust';
  /** Keep the canonical bytes of submissions beside them (`encoded`), as views: for whoever stores them. */
  readonly submissions?: 'keep' | 'drop';
}

const writer = new Writer(1 << 20);
const reader = new Reader();

/** Canonical bytes of a turn. Throws `invalid-value` for what the schemas do not allow. */
export function encodeTurn(turn: TurnRecord): Buffer {
  writer.reset();
  writeTurn(writer, turn, (w) => writeEntries(w, turn.entries));
  return taken(writer);
}

function writeEntries(w: Writer, entries: readonly AnyEntry[]): void {
  w.reserve(MAX_LONG_BYTES);
  w.index(entries.length);
  for (let index = 0; index < entries.length; index++) {
    const entry = entries[index] as AnyEntry;
    w.reserve(2 * MAX_INT_BYTES);
    w.int(entry.code);
    const input = isInput(entry);
    w.int(input ? index : entry.cause);
    const start = w.begin();
    if (input) writeEnvelope(w, entry.envelope);
    if (entry.code === Code.SubmitDag && entry.encoded !== undefined) w.raw(entry.encoded);
    else writeBody(w, entry.code, entry.body);
    w.end(start);
  }
  if (entries.length > 0) {
    w.reserve(1);
    w.index(0);
  }
}

/**
 * The turn of canonical bytes. Its bytes fields are views on `bytes`, which must not change. Throws `undecodable` for
 * anything that `encodeTurn` would not have written, `unknown-version` for what is of another catalogue and can't be read.
 */
export function decodeTurn(bytes: Uint8Array, options: DecodeTurnOptions = {}): TurnRecord {
  const check = options.digests === 'check';
  const keep = options.submissions === 'keep';
  try {
    return decode(bytes, (r) => readEntries(r, check, keep));
  } catch (error) {
    throw asOfItsCatalogue(error, bytes);
  }
}

/** What another catalogue wrote is not wrong because this one can't read it. */
function asOfItsCatalogue(error: unknown, bytes: Uint8Array): unknown {
  if (!(error instanceof CatalogueError) || error.code === 'digest-mismatch') return error;
  const { turn, catalogue } = decodeTurnHeader(bytes);
  const theirs = Buffer.from(catalogue).toString('hex');
  if (theirs === CATALOGUE_FINGERPRINT) return error;
  const reason = `turn ${turn} is of catalogue ${theirs}, not of ${CATALOGUE_FINGERPRINT}: ${error.message}`;
  return new CatalogueError('unknown-version', reason);
}

/** All of a turn but its entries, which are passed over unread; `entries` is how many there are. */
export function decodeTurnHeader(bytes: Uint8Array): TurnHeader & { readonly entries: number } {
  return decode(bytes, skipEntries);
}

function decode<T>(bytes: Uint8Array, entries: (r: Reader) => T): TurnHeader & { readonly entries: T } {
  // The format is the first field and below 64, so it can be seen before the layout is relied on.
  if (bytes[0] !== TURN_FORMAT * 2) throw unknownFormat(bytes);
  reader.reset(bytes);
  try {
    const turn = readTurn(reader, entries);
    reader.finish();
    return turn;
  } finally {
    reader.release();
  }
}

function unknownFormat(bytes: Uint8Array): CatalogueError {
  reader.reset(bytes);
  const format = reader.int();
  return new CatalogueError('unknown-version', `a turn of format ${format}; this catalogue reads ${TURN_FORMAT}`);
}

function readEntries(r: Reader, check: boolean, keep: boolean): AnyEntry[] {
  const count = r.arrayCount();
  const entries: AnyEntry[] = [];
  for (let index = 0; index < count; index++) {
    const code = r.int();
    const cause = r.int();
    const outer = r.enter(r.length());
    if (isInputCode(code)) {
      if (cause !== index) throw new CatalogueError('undecodable', `input ${index} has the cause ${cause}`);
      entries.push(readInput(r, code, check, keep));
    } else {
      checkCause(entries, cause);
      entries.push({ code, cause, body: readBody(r, code) } as EventEntry);
    }
    r.leave(outer);
  }
  if (count > 0) r.nextBlock();
  return entries;
}

function readInput(r: Reader, code: number, check: boolean, keep: boolean): InputEntry {
  const envelope = readEnvelope(r);
  const start = r.position;
  const body = readBody(r, code);
  if (check && !bodyDigest(r.viewFrom(start)).equals(envelope.digest)) {
    throw new CatalogueError('digest-mismatch', `the body of input ${envelope.inputId} does not have its digest`);
  }
  if (keep && code === Code.SubmitDag) return { code, envelope, body, encoded: r.viewFrom(start) } as InputEntry;
  return { code, envelope, body } as InputEntry;
}

/** The cause of an event is an earlier input, or one of the negative numbers. */
function checkCause(before: readonly AnyEntry[], cause: number): void {
  if (cause < 0) return;
  const entry = before[cause];
  if (entry === undefined || !isInput(entry)) {
    throw new CatalogueError(
      'undecodable',
      `event ${before.length} has the cause ${cause}, which is no input before it`,
    );
  }
}

function skipEntries(r: Reader): number {
  const count = r.arrayCount();
  for (let index = 0; index < count; index++) {
    r.int();
    r.int();
    r.skip(r.length());
  }
  if (count > 0) r.nextBlock();
  return count;
}
