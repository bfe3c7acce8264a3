/** Takes request bodies apart: bytes to text, text to lines. */
import { isUtf8 } from 'node:buffer';

const NEWLINE = 10;
const BLANK = /^\s*$/u;

/** One line of an NDJSON body; `text` is null where its bytes are no UTF-8. */
export interface Line {
  readonly text: string | null;
  /** Length in bytes, or an upper bound of it where it does not matter. */
  readonly bytes: number;
}

/** Text of the bytes, or null where they are no UTF-8. */
export function textOf(bytes: Buffer): string | null {
  return isUtf8(bytes) ? bytes.toString('utf8') : null;
}

/** The lines of an NDJSON body that hold something. One line that is no UTF-8 spoils no other. */
export function linesOf(body: Buffer): Line[] {
  const text = textOf(body);
  return text === null ? byteLines(body) : textLines(text, body.length === text.length);
}

function textLines(text: string, ascii: boolean): Line[] {
  const lines: Line[] = [];
  let from = 0;
  while (from < text.length) {
    let to = text.indexOf('\n', from);
    if (to === -1) to = text.length;
    const line = text.slice(from, to);
    if (!BLANK.test(line)) lines.push({ text: line, bytes: ascii ? line.length : Buffer.byteLength(line) });
    from = to + 1;
  }
  return lines;
}

function byteLines(body: Buffer): Line[] {
  const lines: Line[] = [];
  let from = 0;
  while (from < body.length) {
    let to = body.indexOf(NEWLINE, from);
    if (to === -1) to = body.length;
    const bytes = body.subarray(from, to);
    const text = textOf(bytes);
    if (text === null || !BLANK.test(text)) lines.push({ text, bytes: bytes.length });
    from = to + 1;
  }
  return lines;
}

/** Whether the text, as a JavaScript string, has a UTF-8 form: no lone surrogate stands in it. */
export function isWellFormed(text: string): boolean {
  return !/[\ud800-\udfff]/u.test(text);
}

/** Whether the UTF-8 form of the text has at most `limit` bytes. */
export function fits(text: string, limit: number): boolean {
  return text.length * 3 <= limit || (text.length <= limit && Buffer.byteLength(text) <= limit);
}
