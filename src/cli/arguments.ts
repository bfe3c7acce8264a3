import { type Command, InvalidArgumentError, Option } from 'commander';
import { DEFAULT_HOST, DEFAULT_PORT } from '../main/defaults.js';

/** Options that every command has. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly color: boolean;
}

/** Options of commands that speak to a fabric. */
export interface RemoteOptions extends CommonOptions {
  readonly url: string;
  readonly tenant: string;
}

export function withCommon(command: Command): Command {
  return command
    .option('--json', 'data as JSON on stdout; everything else stays on stderr')
    .option('--no-color', 'no colours');
}

export function withRemote(command: Command): Command {
  const url = new Option('--url <url>', 'address of the fabric').env('MARIE_URL');
  const tenant = new Option('--tenant <name>', 'whose DAGs').env('MARIE_TENANT');
  return withCommon(command)
    .addOption(url.default(`http://${DEFAULT_HOST}:${DEFAULT_PORT}`).argParser(address))
    .addOption(tenant.default('default'));
}

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

function wholeNumber(text: string, least: number, what: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= least) return value;
  throw new InvalidArgumentError(`${what} is a whole number from ${least} on.`);
}
