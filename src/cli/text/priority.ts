import { CliError, Exit } from '../exit.js';
import { grouped } from './format.js';

/** Either way; the fabric has the last word. */
const MAX_PRIORITY = 1_000_000;

/** A priority of the command line; `where` names its place there. */
export function parsePriority(text: string, where: string): number {
  if (/^[+-]?\d+$/.test(text) && Math.abs(Number(text)) <= MAX_PRIORITY) return Number(text);
  const what = `a priority is a whole number from -${grouped(MAX_PRIORITY)} to ${grouped(MAX_PRIORITY)}`;
  throw new CliError(Exit.Usage, 'invalid-priority', what, { where });
}
