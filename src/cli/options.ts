import { DEFAULT_TENANT, DEFAULT_URL } from '../main/config/defaults.js';
import { address } from './arguments.js';
import type { CommandSpec, OptionSpec } from './spec.js';

/** Options of every command. */
export const COMMON_OPTIONS: readonly OptionSpec[] = [
  { flags: '--json', about: 'data as JSON on stdout; everything else stays on stderr' },
  { flags: '--no-color', about: 'no colours' },
  { flags: '-q, --quiet', about: 'nothing on stderr but errors' },
];

/** Options of commands that speak to a fabric. */
export const REMOTE_OPTIONS: readonly OptionSpec[] = [
  {
    flags: '--url <url>',
    about: 'address of the fabric',
    env: 'MARIE_URL',
    default: DEFAULT_URL,
    parse: address,
  },
  {
    flags: '--tenant <name>',
    about: 'whose DAGs',
    env: 'MARIE_TENANT',
    default: DEFAULT_TENANT,
    complete: 'tenant',
  },
];

/** All options of a command, its own first. */
export function optionsOf(spec: CommandSpec): readonly OptionSpec[] {
  return [...(spec.options ?? []), ...(spec.remote ? REMOTE_OPTIONS : []), ...COMMON_OPTIONS];
}
