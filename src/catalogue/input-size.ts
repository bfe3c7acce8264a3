import { encodeBody } from './codec.js';
import { Code } from './generated/codes.js';
import type { InputEntry } from './generated/types.js';

/** Bytes of an envelope, without its ids. */
const ENVELOPE_BYTES = 128;
/** Bytes of a number, at most as a rule. */
const NUMBER_BYTES = 6;

/** About how many bytes an input takes in its turn, never far below what it really takes. */
export function sizeOfInput(input: InputEntry): number {
  const bytes = ENVELOPE_BYTES + textSize(input.envelope.inputId);
  if (input.code !== Code.SubmitDag) return bytes + sizeOfValue(input.body);
  return bytes + (input.encoded ?? encodeBody(Code.SubmitDag, input.body)).length;
}

/** All that is in it: nobody has bounded the texts and lists of what was written to a topic. */
function sizeOfValue(value: unknown): number {
  if (typeof value === 'string') return textSize(value);
  if (typeof value !== 'object' || value === null) return NUMBER_BYTES;
  if (value instanceof Uint8Array) return value.length;
  let size = 0;
  for (const name in value) size += sizeOfValue((value as Readonly<Record<string, unknown>>)[name]);
  return size;
}

/** A UTF-16 code unit takes three bytes at most. */
function textSize(text: string): number {
  return 3 * text.length;
}
