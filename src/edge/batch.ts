/**
 * Many inputs in one request, answered by one line each and in their order. Lines share nothing: one that cannot be
 * read, or is refused, leaves the others as they are.
 */

import { CatalogueError } from '../catalogue/error.js';
import type { InputEntry } from '../catalogue/generated/types.js';
import type { Answer, Inbox } from '../inbox/port.js';
import { putAll } from './answers.js';
import { Refusal, refusalOfFailure } from './problems.js';

/**
 * Lines of up to a KiB, or answers, after which others get their turn. A line that is refused costs 0.1 ms, and a request
 * may have 100,000 of them: all at once, the whole fabric would stand still for ten seconds. One with a hundred problems
 * costs twenty times as much, and its answer is as much longer.
 */
const SLICE_LINES = 256;
const LINE_BYTES = 1_024;
/** So much of a refusal costs as much as a line. */
const REFUSAL_CHARS = 512;

/** How one kind of line is read and answered. Answers end without a newline. */
export interface BatchLanguage<L> {
  /** The input that a line stands for, or its answer where it needs no input. Throws `Refusal`. */
  read(line: L, index: number): InputEntry | string;
  /** The answer to an input whose turn is durable. */
  answered(input: InputEntry, answer: Answer): string | Promise<string>;
  /** The answer to a line that was refused at the edge. */
  refused(refusal: Refusal): string;
}

/**
 * Reads the lines, hands the inputs in together, and gives the answers as NDJSON once the last turn is durable. Others
 * run while it pauses; nobody else runs in the process of who gives no `pause`.
 * Throws `Refusal` when the inbox took none of the inputs, so that the sender sees it in the status.
 */
export async function runBatch<L extends { readonly bytes: number }>(
  lines: readonly L[],
  language: BatchLanguage<L>,
  inbox: Inbox,
  pause?: () => Promise<void>,
): Promise<string> {
  const answers = new Array<string>(lines.length);
  const inputs: InputEntry[] = [];
  const places: number[] = [];
  const slice = new Slice();
  for (const [index, line] of lines.entries()) {
    if (slice.isFull(1 + line.bytes / LINE_BYTES)) await pause?.();
    const read = readLine(line, index, language);
    if (typeof read === 'string') {
      answers[index] = read;
      slice.add(read.length / REFUSAL_CHARS);
    } else {
      inputs.push(read);
      places.push(index);
    }
  }
  const later: Promise<void>[] = [];
  let notTaken = 0;
  let last: Refusal | null = null;
  const outcomes = await putAll(inbox, inputs);
  for (const [i, outcome] of outcomes.entries()) {
    if (slice.isFull(1)) await pause?.();
    const place = places[i]!;
    if (outcome instanceof Error) {
      last = refusalOfFailure(outcome);
      notTaken++;
      answers[place] = language.refused(last);
      continue;
    }
    const text = language.answered(inputs[i]!, outcome);
    const keep = (known: string): void => {
      answers[place] = known;
    };
    if (typeof text === 'string') {
      keep(text);
      continue;
    }
    const kept = text.then(keep);
    // The request fails with it in the end. Until then nobody waits for it, which would end the process.
    kept.catch(() => undefined);
    later.push(kept);
  }
  if (last !== null && notTaken === lines.length) throw last;
  await Promise.all(later);
  return answers.length === 0 ? '' : `${answers.join('\n')}\n`;
}

/** Counts what is done in one piece. */
class Slice {
  #lines = 0;

  /** Whether others get their turn before so much more is done: a new slice begins with it then. */
  isFull(more: number): boolean {
    const isFull = this.#lines >= SLICE_LINES;
    this.#lines = isFull ? more : this.#lines + more;
    return isFull;
  }

  /** What was done turned out to be so much more. */
  add(more: number): void {
    this.#lines += more;
  }
}

function readLine<L>(line: L, index: number, language: BatchLanguage<L>): InputEntry | string {
  try {
    return language.read(line, index);
  } catch (error) {
    if (error instanceof Refusal) return language.refused(error);
    if (error instanceof CatalogueError) return language.refused(new Refusal('invalid-value', error.message));
    throw error;
  }
}
