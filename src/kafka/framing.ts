/** How the values of topics say which schema they are of: by its fingerprint, or by its number in a registry. */
import { rabin, wholeSchema } from '../catalogue/avro.js';
import { canonicalForm } from '../catalogue/canonical-form.js';
import { CODE_NAMES, nameOf } from '../catalogue/generated/codes.js';

/** Avro's single-object encoding: these two bytes, the fingerprint, the value. */
const SINGLE_OBJECT = Buffer.from([0xc3, 0x01]);
const SINGLE_HEAD = 10;
/** Confluent's wire format: a zero, the schema's number in four bytes, the value. */
const CONFLUENT = 0;
const CONFLUENT_HEAD = 5;

/** Numbers of schemas in a registry, by the number of the input or event. */
export type SchemaIds = ReadonlyMap<number, number>;

/** A value that was read: which record it is, and its Avro bytes; or why that can't be told. */
export type Unframed =
  | { readonly code: number; readonly body: Buffer }
  | { readonly reason: 'undecodable' | 'unknown-version'; readonly detail: string };

/** Frames values with what the schemas are called; both forms are read, whichever is written. */
export class Framing {
  readonly #heads = new Map<number, Buffer>();
  readonly #codesByFingerprint = new Map<string, number>();
  readonly #codesById = new Map<number, number>();

  /** `ids` are the schemas' numbers in a registry; without it they are named by their fingerprints. */
  constructor(ids: SchemaIds | null = null) {
    for (const code of CODE_NAMES.keys()) {
      const fingerprint = rabin(canonicalForm(wholeSchema(nameOf(code))));
      this.#codesByFingerprint.set(fingerprint.toString('hex'), code);
      const id = ids?.get(code);
      if (id === undefined) {
        this.#heads.set(code, Buffer.concat([SINGLE_OBJECT, fingerprint]));
        continue;
      }
      const head = Buffer.alloc(CONFLUENT_HEAD);
      head.writeUInt32BE(id, 1);
      this.#heads.set(code, head);
      this.#codesById.set(id, code);
    }
  }

  /** A value for a topic: `body` is the record's Avro bytes. */
  frame(code: number, body: Uint8Array): Buffer {
    const head = this.#heads.get(code);
    if (head === undefined) throw new RangeError(`no entry has the number ${code}`);
    return Buffer.concat([head, body]);
  }

  /** Which record a value is. */
  read(value: Buffer): Unframed {
    if (value[0] === CONFLUENT && value.length >= CONFLUENT_HEAD) {
      const id = value.readUInt32BE(1);
      const code = this.#codesById.get(id);
      if (code === undefined) return unknown(`${id} in the registry`);
      return { code, body: value.subarray(CONFLUENT_HEAD) };
    }
    if (value.subarray(0, 2).equals(SINGLE_OBJECT) && value.length >= SINGLE_HEAD) {
      const fingerprint = value.subarray(2, SINGLE_HEAD).toString('hex');
      const code = this.#codesByFingerprint.get(fingerprint);
      if (code === undefined) return unknown(`of the fingerprint ${fingerprint}`);
      return { code, body: value.subarray(SINGLE_HEAD) };
    }
    return { reason: 'undecodable', detail: 'the value begins neither as Confluent Avro nor as single-object Avro' };
  }
}

function unknown(which: string): Unframed {
  return { reason: 'unknown-version', detail: `the schema ${which} is none of this catalogue` };
}
