/** The JSON form of entries, for streams, topics and people. */
import { CatalogueError } from './error.js';
import { nameOf } from './generated/codes.js';
import { BODY_JSON, type BodyJson, jsonEnvelope } from './generated/json.js';
import type { AnyEntry } from './generated/types.js';

/** Where an entry stands. */
export interface Place {
  readonly cell: string;
  readonly turn: number;
  /** Its index among the entries of its turn. */
  readonly index: number;
  /** Journal time of the turn in ms. */
  readonly at: number;
}

const JSON_OF: (BodyJson | undefined)[] = [];
for (const [code, json] of BODY_JSON) JSON_OF[code] = json;

/** The JSON text of a body, on one line. User JSON in it is as it was received, but for line breaks between tokens. */
export function bodyToJson(code: number, body: object, cell: string): string {
  const json = JSON_OF[code];
  if (json === undefined) throw new CatalogueError('unknown-version', `no input or event has the number ${code}`);
  return json(body as never, cell);
}

/** The id of an entry, the same for everybody who sees it: cell, turn and index. */
export function entryId({ cell, turn, index }: Place): string {
  return `${cell}:${turn}:${index}`;
}

/**
 * The JSON text of an entry, on one line:
 * `{"id":"main:12:3","type":"JobReadied","turn":12,"index":3,"atMs":…,"cause":0,"data":{…}}`; an input has its
 * `envelope` in place of `cause`. Bytes that are user JSON are embedded as they are, other bytes are base64, digests
 * are hexadecimal, leases one string, and enums are written with dashes.
 */
export function toJson(entry: AnyEntry, place: Place): string {
  const { cell, turn, index, at } = place;
  const from = 'envelope' in entry ? `"envelope":${jsonEnvelope(entry.envelope, cell)}` : `"cause":${entry.cause}`;
  return (
    `{"id":${JSON.stringify(entryId(place))},"type":"${nameOf(entry.code)}","turn":${turn},"index":${index},` +
    `"atMs":${at},${from},"data":${bodyToJson(entry.code, entry.body, cell)}}`
  );
}
