/** The canonical test vectors of schemas/vectors/: values and their bytes, for readers in any language. */
import { decodeInput, encodeBody, encodeInput, sealInput } from '../../src/catalogue/codec.js';
import { turnHash } from '../../src/catalogue/digest.js';
import { CATALOGUE_FINGERPRINT } from '../../src/catalogue/generated/codes.js';
import type { AnyEntry, InputEntry, TurnRecord } from '../../src/catalogue/generated/types.js';
import { encodeTurn, TURN_FORMAT } from '../../src/catalogue/turn.js';
import type { Catalogue, Numbered } from './load.js';
import { Samples } from './samples.js';

interface Vector {
  readonly name: string;
  readonly code: number;
  readonly value: unknown;
  readonly bytes: string;
}

/** A value with its bytes in hexadecimal, the form in which vectors are written. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
}

function values(samples: Samples, { name, schema }: Numbered): object[] {
  if (schema.fields.length === 0) return [{}];
  const type = `${schema.namespace}.${name}`;
  return [
    samples.least(type),
    samples.most(type, 1),
    samples.most(type, -1),
    samples.next(type),
    samples.next(type),
  ] as object[];
}

function bodyVectors(samples: Samples, all: readonly Numbered[]): Vector[] {
  return all.flatMap((one) =>
    values(samples, one).map((value) => ({
      name: one.name,
      code: one.code,
      value: plain(value),
      bytes: encodeBody(one.code as AnyEntry['code'], value as never).toString('hex'),
    })),
  );
}

const SENDERS = [
  { inputId: '', receivedAtMs: 0, principal: null, traceparent: null },
  { inputId: 'Größe 🍌', receivedAtMs: 1764000000000, principal: 'ann', traceparent: `00-${'ab'.repeat(16)}-01` },
];

/** Inputs as they stand in a turn: envelope, then body. */
function sealed(samples: Samples, inputs: readonly Numbered[]): InputEntry[] {
  return inputs.map(({ name, schema, code }, index) => {
    const body = samples.next(`${schema.namespace}.${name}`);
    return sealInput(code as InputEntry['code'], SENDERS[index % 2] as (typeof SENDERS)[number], body as never);
  });
}

function turns(samples: Samples, { inputs, events }: Catalogue): TurnRecord[] {
  const head = {
    format: TURN_FORMAT,
    catalogue: Buffer.from(CATALOGUE_FINGERPRINT, 'hex'),
    cell: 'main',
    epoch: 1,
    writer: Buffer.alloc(16, 7),
    turn: 1,
    prev: Buffer.alloc(32),
    at: 1764000000000,
    stoppedMs: 0,
    policy: 'fifo@1',
    kernel: '0.1.0',
    caughtUp: true,
    full: false,
    published: 0,
    inputs: [],
    stateHash: Buffer.alloc(16, 1),
    syncEveryMs: 0,
  } as const;
  const caused = (one: Numbered, index: number) => ({
    code: one.code,
    cause: index % 5 === 0 ? 0 : -(index % 5),
    body: samples.next(`${one.schema.namespace}.${one.name}`),
  });
  // The bytes that sealing leaves with a submission are no part of what it says.
  const said = sealed(samples, inputs).map(({ code, envelope, body }) => ({ code, envelope, body }));
  const entries = [...said, ...events.map(caused)] as AnyEntry[];
  const first: TurnRecord = { ...head, entries: [] };
  const second: TurnRecord = {
    ...head,
    turn: 2,
    prev: turnHash(encodeTurn(first)),
    at: 1764000000500,
    full: true,
    published: 1,
    inputs: [
      { source: 'embedded', partition: 0, from: 0, to: inputs.length },
      { source: 'marie.main.submissions', partition: 11, from: 4294967296, to: 4294967297 },
    ],
    entries,
    syncEveryMs: 25,
  };
  return [first, second];
}

/** What, the record, bytes that must be refused, and bytes that differ in that alone and are right. */
const REFUSED: readonly (readonly [string, string, string, string])[] = [
  ['a varint with a needless last byte', 'DagPaused', '8200', '02'],
  ['a varint of zero in two bytes', 'DagPaused', '8000', '00'],
  ['2^53', 'DagPaused', '8080808080808020', 'feffffffffffff1f'],
  ['-2^53', 'DagPaused', 'ffffffffffffff1f', 'fdffffffffffff1f'],
  ['a varint of eleven bytes', 'DagPaused', `${'80'.repeat(10)}01`, '8001'],
  ['a varint that does not end', 'DagPaused', '8080', '8001'],
  ['a byte too many', 'DagPaused', '0200', '02'],
  ['nothing', 'DagPaused', '', '02'],
  ['an int of 2^31', 'DagReprioritized', '028080808010', '02feffffff0f'],
  ['an int of -2^31 - 1', 'DagReprioritized', '028180808010', '02ffffffff0f'],
  ['a branch that the union does not have', 'JobReadied', '02020004', '02020000'],
  ['a boolean of 2', 'JobTimedOut', '02020202', '02020201'],
  ['a symbol that the enum does not have', 'DagEnding', '02060000', '02040000'],
  ['a string that is not UTF-8', 'DagHeld', '0204c328', '0204c3a8'],
  ['a surrogate in UTF-8', 'DagHeld', '0206eda080', '0206ed9fbf'],
  ['UTF-8 longer than needed', 'DagHeld', '0204c080', '020200'],
  ['a string of negative length', 'DagHeld', '0201', '0200'],
  ['a string longer than what there is', 'DagHeld', '020861', '020261'],
  ['an array block with its size', 'InputRefused', '0000010600000000', '00000200000000'],
  ['an array in two blocks', 'InputRefused', '0000020000000200000000', '00000400000000000000'],
  ['an array without its end', 'InputRefused', '000002000000', '00000200000000'],
  ['more items than there are bytes', 'InputRefused', '0000feffffffffffff1f', '000000'],
];

function refused({ inputs, events }: Catalogue): object[] {
  const codes = new Map([...inputs, ...events].map((one) => [one.name, one.code]));
  const rows = REFUSED.map(([what, name, bytes, valid]) => ({
    what,
    code: codes.get(name),
    bytes,
    error: 'undecodable',
    valid,
  }));
  return [...rows, { what: 'a number that nothing has', code: 99, bytes: '', error: 'unknown-version', valid: null }];
}

function lines(rows: readonly object[]): string {
  return `[\n${rows.map((row) => `  ${JSON.stringify(row)}`).join(',\n')}\n]\n`;
}

/** Every file of vectors: name in schemas/vectors/ -> text. */
export function vectorFiles(catalogue: Catalogue): ReadonlyMap<string, string> {
  const samples = new Samples(catalogue);
  const inputs = sealed(samples, catalogue.inputs).map((input) => {
    const bytes = encodeInput(input);
    decodeInput(input.code, bytes);
    return {
      code: input.code,
      value: plain({ envelope: input.envelope, body: input.body }),
      bytes: bytes.toString('hex'),
    };
  });
  const turnVectors = turns(samples, catalogue).map((turn) => {
    const bytes = encodeTurn(turn);
    const entries = turn.entries.map((entry, index) => ('envelope' in entry ? { cause: index, ...entry } : entry));
    return {
      value: plain({ ...turn, entries }),
      bytes: bytes.toString('hex'),
      sha256: turnHash(bytes).toString('hex'),
    };
  });
  return new Map([
    ['bodies.json', lines(bodyVectors(samples, [...catalogue.inputs, ...catalogue.events]))],
    ['inputs.json', lines(inputs)],
    ['turns.json', lines(turnVectors)],
    ['refused.json', lines(refused(catalogue))],
    ['fingerprint.json', `${JSON.stringify({ fingerprint: CATALOGUE_FINGERPRINT })}\n`],
  ]);
}
