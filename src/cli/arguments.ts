import { InvalidArgumentError } from 'commander';
import { DEFAULT_HOST, DEFAULT_PORT } from '../main/defaults.js';
import type { OptionSpec } from './spec.js';

/** Options of commands that speak to a fabric; what they all have (--json, --no-color, --quiet) is in their `Io`. */
export interface RemoteOptions {
  readonly url: string;
  readonly tenant: string;
}

/** Options of every command. */
export const COMMON_OPTIONS: readonly OptionSpec[] = [
  { flags: '--json', about: 'data as JSON on stdout; everything else stays on stderr' },
  { flags: '--no-color', about: 'no colours' },
  { flags: '-q, --quiet', about: 'nothing on stderr but errors' },
];

/** Options of commands that speak to a fabric; `env` is where they come from if they aren't given. */
export const REMOTE_OPTIONS: readonly (OptionSpec & { readonly env: string })[] = [
  {
    flags: '--url <url>',
    about: 'address of the fabric',
    env: 'MARIE_URL',
    default: `http://${DEFAULT_HOST}:${DEFAULT_PORT}`,
    parse: address,
  },
  { flags: '--tenant <name>', about: 'whose DAGs', env: 'MARIE_TENANT', default: 'default', complete: 'tenant' },
];

function address(text: string): string {
  if (/^https?:\/\/[^/]/.test(text) && URL.canParse(text)) return text;
  throw new InvalidArgumentError('an address begins with http:// or https://.');
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

/** A factor: any number above 0. */
export function positiveNumber(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('a factor is a number above 0.');
}

/** Collects the values of an option that may be repeated. */
export function collect(value: string, all: readonly string[]): readonly string[] {
  return [...all, value];
}

function wholeNumber(text: string, least: number, what: string): number {
  const value = Number(text);
  if (/^-?\d+$/.test(text) && Number.isSafeInteger(value) && value >= least) return value;
  throw new InvalidArgumentError(`${what} is a whole number from ${least} on.`);
}
