import { ERRORS, isErrorCode } from '../catalogue/generated/errors.js';
import { errnoOf } from '../catalogue/thrown.js';
import { type FormProblem, problemText } from '../form/form-error.js';
import { CliError, Exit } from './exit.js';
import type { Colors } from './terminal/io.js';
import { INDENT, wrapped } from './text/format.js';
import { visible } from './text/visible.js';

/** An error as it is shown: the same parts whatever threw it. */
export interface Shown {
  readonly exitCode: number;
  readonly code: string;
  readonly what: string;
  readonly where: string | null;
  /** Why the fabric says so, wherever the code occurs. */
  readonly why: string | null;
  readonly todo: string | null;
  readonly problems: readonly string[];
}

/** What is found out of an error; why and, where nothing better is known, what to do follow from the code. */
type Found = Omit<Shown, 'why' | 'todo'> & { readonly todo?: string | null };

/** Codes of the system that people meet, by what the catalogue calls them. */
const SYSTEM_CODES: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'file-not-found'],
  ['ENOTDIR', 'file-not-found'],
  ['ELOOP', 'file-not-found'],
  ['ENAMETOOLONG', 'file-not-found'],
  ['EISDIR', 'unreadable-file'],
  ['EACCES', 'file-not-permitted'],
  ['EPERM', 'file-not-permitted'],
  ['EROFS', 'file-not-permitted'],
  ['EADDRINUSE', 'port-in-use'],
  ['ENOSPC', 'disk-full'],
  ['EDQUOT', 'disk-full'],
  ['EIO', 'disk-failed'],
]);

/** Calls of the system by which an address that was named is looked up and taken. */
const ADDRESS_CALLS: ReadonlySet<string> = new Set(['getaddrinfo', 'listen']);

const DAMAGED: ReadonlySet<string> = new Set([
  'journal-damaged',
  'journal-ahead',
  'journal-cut',
  'store-corrupt',
  'digest-mismatch',
  'backup-damaged',
  'snapshot-damaged',
  'disk-failed',
  // Whoever starts it again, as systemd does, would only meet them again.
  'state-diverged',
  'unknown-version',
]);
const UNAVAILABLE: ReadonlySet<string> = new Set([
  'journal-locked',
  'store-locked',
  'store-unavailable',
  'disk-full',
  'not-ready',
  'inbox-full',
  'clock-not-accepted',
  'no-snapshot',
  'port-in-use',
  'kafka-unavailable',
  'registry-unavailable',
]);
const USAGE: ReadonlySet<string> = new Set([
  'journal-foreign-cell',
  'not-a-backup',
  'snapshot-unusable',
  'target-not-empty',
  'file-not-found',
  'unreadable-file',
  'file-not-permitted',
  'address-unusable',
  'node-not-supported',
]);

/** Codes of what a command line asks of a history that does not have it, or can't be changed so. */
const MISNAMED: ReadonlySet<string> = new Set(['usage', 'not-found']);

/** Finds out what to say of an error, by its shape, so that no command's code is loaded for it. */
export function showable(error: unknown): Shown {
  const found = foundIn(error);
  const info = isErrorCode(found.code) ? ERRORS[found.code] : null;
  return { ...found, why: info?.why ?? null, todo: found.todo ?? info?.todo ?? null };
}

function foundIn(error: unknown): Found {
  if (error instanceof CliError) {
    const { exitCode, code, message, hints } = error;
    const { where = null, todo = null, problems = [] } = hints;
    return { exitCode, code, what: message, where, todo, problems };
  }
  const fields = fieldsOf(error);
  if (fields.name === 'FabricError') return fabricError(fields);
  if (fields.name === 'ConfigError') return configError(fields);
  return otherError(fields, error);
}

interface ErrorFields {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  readonly syscall?: string;
  readonly status?: number;
  readonly problems?: readonly (FormProblem & { readonly code?: string })[];
  readonly file?: string | null;
  readonly path?: string;
  readonly turn?: number;
  readonly offset?: number;
  readonly unit?: string;
}

function fieldsOf(error: unknown): ErrorFields {
  if (typeof error !== 'object' || error === null) return { message: String(error) };
  return error as ErrorFields;
}

function fabricError({ code = 'internal', message = '', status = 0, problems = [] }: ErrorFields): Found {
  const what = message.startsWith(`${code}: `) ? message.slice(code.length + 2) : message;
  const [first] = problems;
  const where = problems.length === 1 && first?.path ? `the fabric, at ${first.path}` : 'the fabric';
  return {
    exitCode: exitCodeOf(code, status === 0 ? Exit.Failed : Exit.Refused),
    code,
    what,
    where,
    problems: listed(problems),
  };
}

function configError({ code = 'config-invalid', file, problems = [] }: ErrorFields): Found {
  const what = 'the configuration can not be used';
  return { exitCode: Exit.Usage, code, what, where: file ?? 'the options', problems: listed(problems) };
}

function otherError(fields: ErrorFields, error: unknown): Found {
  const code = codeOf(fields);
  const what = plain(fields.message ?? String(error));
  const where = fields.file === undefined || fields.file === null ? (fields.path ?? turnOf(fields)) : placeOf(fields);
  const otherwise = MISNAMED.has(code) ? Exit.Usage : Exit.Failed;
  return { exitCode: exitCodeOf(code, otherwise), code, what, where, problems: [] };
}

function codeOf({ code = 'unexpected', syscall = '' }: ErrorFields): string {
  const isOfAddress = ADDRESS_CALLS.has(syscall) && code !== 'EADDRINUSE';
  return isOfAddress ? 'address-unusable' : (SYSTEM_CODES.get(errnoOf({ code }) ?? code) ?? code);
}

/** A message of the system without its code and call: where it happened is shown as such. */
function plain(message: string): string {
  return message
    .replace(/^(\w+ )?E[A-Z]+: /, '')
    .replace(/^getaddrinfo E\w+/, 'no address is known of')
    .replace(/, \w+ '[^']*'$/, '');
}

function exitCodeOf(code: string, otherwise: number): number {
  if (code === 'unreachable' || code === 'bad-answer') return Exit.Unreachable;
  if (USAGE.has(code)) return Exit.Usage;
  if (DAMAGED.has(code)) return Exit.Damaged;
  return UNAVAILABLE.has(code) ? Exit.Unavailable : otherwise;
}

function placeOf({ file, offset, unit = 'byte', turn }: ErrorFields): string {
  const at = offset === undefined ? '' : `, ${unit} ${offset}`;
  return `${file}${at}${turn === undefined ? '' : `, turn ${turn}`}`;
}

/** The turn at which a replay ends, where its message doesn't name it; null for any other error. */
function turnOf({ name, turn, message = '' }: ErrorFields): string | null {
  return name === 'Wrong' && !new RegExp(`\\bturn ${turn}\\b`).test(message) ? `turn ${turn}` : null;
}

function listed(problems: NonNullable<ErrorFields['problems']>): readonly string[] {
  return problems.map((problem) => `${problem.code === undefined ? '' : `${problem.code} `}${problemText(problem)}`);
}

/** The error as lines for people, of at most so many columns where a terminal has no more. */
export function errorText(shown: Shown, colors: Colors, columns = Number.POSITIVE_INFINITY): string {
  const lines = [`${colors.red('error')} ${colors.bold(visible(shown.code))}: ${within(shown.what)}`];
  if (shown.where !== null) lines.push(`  where: ${visible(shown.where)}`);
  for (const problem of toldBeyond(shown)) lines.push(`  - ${visible(problem)}`);
  if (shown.why !== null) lines.push(`  why: ${shown.why}`);
  if (shown.todo !== null) lines.push(`  what to do: ${shown.todo}`);
  return lines.map((line) => wrapped(line, columns)).join('\n');
}

/** A message, which may be of several lines: moved in, so that none can be taken for a line of ours. */
function within(message: string): string {
  const [first, ...others] = message.trimEnd().split('\n').map(visible);
  return [first, ...others.map((line) => (line === '' ? '' : `${INDENT}${line}`))].join('\n');
}

/** The problems, but for a single one that the lines above have told already. */
function toldBeyond({ what, problems }: Shown): readonly string[] {
  return problems.length === 1 && problems[0]!.endsWith(what) ? [] : problems;
}

/** The error as one line of JSON. */
export function errorJson({ exitCode, code, what, where, why, todo, problems }: Shown): string {
  return JSON.stringify({ error: { code, what, where, why, todo, problems, exitCode } });
}
