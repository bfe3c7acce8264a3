/** Chains of small, valid turns, and what they hold. */
import { sealInput } from '../../../src/catalogue/codec.js';
import { turnHash } from '../../../src/catalogue/digest.js';
import { Code } from '../../../src/catalogue/generated/codes.js';
import type { InputRange, TurnRecord } from '../../../src/catalogue/generated/types.js';
import { encodeTurn, TURN_FORMAT } from '../../../src/catalogue/turn.js';
import type { Head, Journal, JournalReader, JournalRecord } from '../../../src/journal/port.js';
import { positionKey } from '../../../src/journal/rule.js';

export const CELL = 'main';

export interface TurnOptions extends Partial<Omit<TurnRecord, 'inputs' | 'entries'>> {
  readonly inputs?: readonly InputRange[];
  /** What one of its inputs carries. */
  readonly payload?: Uint8Array;
}

/** The record that follows a head. */
export function turnAfter(head: Head, { payload, inputs = [], ...fields }: TurnOptions = {}): JournalRecord {
  const turn = head.turn + 1;
  const sender = { inputId: `in-${turn}`, receivedAtMs: 1, principal: null, traceparent: null };
  const body = { tenant: 't', dagId: 'd', signal: 's', output: payload ?? null };
  const bytes = encodeTurn({
    format: TURN_FORMAT,
    catalogue: Buffer.alloc(8, 1),
    cell: CELL,
    epoch: Math.max(1, head.epoch),
    writer: Buffer.alloc(16, 2),
    turn,
    prev: Buffer.from(head.hash),
    at: head.at + 10,
    stoppedMs: 0,
    policy: 'fifo@1',
    kernel: '1',
    caughtUp: true,
    full: false,
    published: turn - 1,
    inputs,
    entries: payload === undefined ? [] : [sealInput(Code.ResolveSignal, sender, body)],
    stateHash: Buffer.alloc(16, turn & 255),
    syncEveryMs: 0,
    ...fields,
  });
  return { turn: fields.turn ?? turn, bytes, hash: turnHash(bytes) };
}

/** Inputs of the partition `source/0` that go on where the head has them. */
export function inputsAfter(head: Head, source: string, count: number): InputRange {
  const from = head.positions.get(positionKey(source, 0)) ?? 0;
  return { source, partition: 0, from, to: from + count };
}

/** Bytes without zeros, as user JSON is; different for each seed. */
export function payloadOf(length: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(length);
  let x = seed * 2654435761 + 1;
  for (let i = 0; i < length; i++) {
    x = (Math.imul(x, 1103515245) + 12345) >>> 0;
    bytes[i] = 32 + ((x >>> 16) % 90);
  }
  return bytes;
}

/** Appends turns with payloads of these lengths; returns the records. */
export async function appendTurns(journal: Journal, lengths: readonly number[]): Promise<JournalRecord[]> {
  const records: JournalRecord[] = [];
  for (const length of lengths) {
    const head = journal.head();
    const inputs = [inputsAfter(head, 'api', 3)];
    const record = turnAfter(head, { inputs, payload: payloadOf(length, head.turn + 1) });
    await journal.append(record.bytes, record.hash);
    records.push(record);
  }
  return records;
}

/** Everything that a reader gives from a turn on. */
export async function readAll(journal: Pick<JournalReader, 'read'>, fromTurn = 1): Promise<JournalRecord[]> {
  const records: JournalRecord[] = [];
  for await (const { turn, bytes, hash } of journal.read(fromTurn)) records.push({ turn, bytes, hash });
  return records;
}

/** Records in a form that can be compared and read in a failure. */
export function summary(records: readonly JournalRecord[]): string[] {
  return records.map(({ turn, bytes, hash }) => {
    return `${turn}: ${bytes.length} bytes, ${Buffer.from(turnHash(bytes)).equals(hash)}, ${Buffer.from(hash).toString('hex')}`;
  });
}
