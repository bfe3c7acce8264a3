import { InvalidArgumentError } from 'commander';
import type { Rate } from '../client/index.js';
import type { ArgumentSpec } from './spec.js';
import { grouped } from './text/format.js';

/** The longest name that a fabric takes. */
const NAME_BYTES = 256;

/** Options of commands that speak to a fabric; what they all have (--json, --no-color, --quiet) is in their `Io`. */
export interface RemoteOptions {
  readonly url: string;
  readonly tenant: string;
}

/** A journal that is read, wherever it is. */
export const PLACE: ArgumentSpec = {
  name: '<journal>',
  about: 'a data directory, a journal folder, an export, one of its files, or kafka://host:port/cell',
  complete: 'file',
};

/** The address of a fabric. */
export function address(text: string): string {
  if (!/^https?:\/\/[^/]/.test(text) || !URL.canParse(text)) {
    throw new InvalidArgumentError('an address begins with http:// or https://.');
  }
  const { username, password } = new URL(text);
  if (username === '' && password === '') return text;
  throw new InvalidArgumentError('an address may have no user or password: they belong into MARIE_HEADERS.');
}

/** A turn number of the command line. */
export function turnNumber(text: string): number {
  return wholeNumber(text, 1, 'a turn');
}

export function portNumber(text: string): number {
  const port = wholeNumber(text, 0, 'a port');
  if (port > 65_535) throw new InvalidArgumentError('a port is at most 65,535.');
  return port;
}

/** A name that a submission may hold. */
export function anyName(text: string): string {
  if (text !== '' && Buffer.byteLength(text) <= NAME_BYTES) return text;
  throw new InvalidArgumentError(`a name has 1 to ${NAME_BYTES} bytes.`);
}

/** Any number above 0. */
export function positiveNumber(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('a number above 0 is wanted.');
}

/** Several factors, with commas between them. */
export function factors(text: string): readonly number[] {
  return text.split(',').map(positiveNumber);
}

/** Takes whole numbers from `least` on; `what` names one in the error. */
export function atLeast(least: number, what: string): (text: string) => number {
  return (text) => wholeNumber(text, least, what);
}

/** Takes whole numbers of a range. */
export function between(least: number, most: number, what: string): (text: string) => number {
  return (text) => wholeNumber(text, least, what, { most });
}

/** Takes whole numbers from 0 on, and one word. (Null would be no value to commander.) */
export function numberOr<W extends string>(word: W, what: string): (text: string) => number | W {
  return (text) => (text === word ? word : wholeNumber(text, 0, what, { or: word }));
}

/** Collects the values of an option that may be repeated. */
export function collect(value: string, all: readonly string[]): readonly string[] {
  return [...all, value];
}

/** Collects rates of a class: `starts:60/60000`, `units:1000/60000:200` with another burst; `none` empties the list. */
export function collectRates(text: string, all: readonly (Rate | 'none')[]): readonly (Rate | 'none')[] {
  if (text === 'none') return ['none'];
  const match = /^(starts|units):(\d+)\/(\d+)(?::(\d+))?$/.exec(text);
  if (match === null)
    throw new InvalidArgumentError('a rate is like starts:60/60000 or units:1000/60000:200, or none.');
  const [, per, add, perMs, burst = add] = match;
  return [
    ...all.filter((rate) => rate !== 'none'),
    {
      per: per as Rate['per'],
      add: wholeNumber(add!, 1, 'what is added'),
      perMs: wholeNumber(perMs!, 1, 'a time in ms'),
      burst: wholeNumber(burst!, 1, 'a burst'),
    },
  ];
}

/** What beside a number is taken, or bounds it. */
interface Beside {
  readonly most?: number;
  readonly or?: string;
}

function wholeNumber(
  text: string,
  least: number,
  what: string,
  { most = Number.MAX_SAFE_INTEGER, or }: Beside = {},
): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  // The largest number that is exact is nobody's concern but of who wants a larger one.
  const isTold = most < Number.MAX_SAFE_INTEGER || value > most;
  const range = isTold ? `from ${grouped(least)} to ${grouped(most)}` : `from ${grouped(least)} on`;
  throw new InvalidArgumentError(`${what} is a whole number ${range}${or === undefined ? '' : `, or ${or}`}.`);
}
