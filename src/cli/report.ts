import { ERRORS, isErrorCode } from '../catalogue/generated/errors.js';
import { CliError, Exit } from './exit.js';
import type { Colors } from './io.js';

/** An error as it is shown: the same parts whatever threw it. */
export interface Shown {
  readonly exitCode: number;
  readonly code: string;
  readonly what: string;
  readonly where: string | null;
  readonly todo: string | null;
  readonly problems: readonly string[];
}

const DAMAGED: ReadonlySet<string> = new Set(['journal-damaged', 'journal-ahead', 'store-corrupt', 'digest-mismatch']);
const UNAVAILABLE: ReadonlySet<string> = new Set([
  'journal-locked',
  'store-locked',
  'store-unavailable',
  'disk-full',
  'not-ready',
  'inbox-full',
  'invalid-clock',
]);

/** What to do about errors that no caller of the API ever gets, or gets for another reason. */
const LOCAL_TODO: ReadonlyMap<string, string> = new Map([
  ['store-locked', ERRORS['journal-locked'].todo],
  ['store-unavailable', 'Check the disk, and who may write to the data directory.'],
  ['invalid-clock', 'If the clock is right, start once with --accept-clock.'],
]);

/** Finds out what to say of an error, by its shape, so that no command's code is loaded for it. */
export function showable(error: unknown): Shown {
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
  readonly status?: number;
  readonly problems?: readonly { readonly code?: string; readonly path: string; readonly detail: string }[];
  readonly file?: string | null;
  readonly path?: string;
  readonly turn?: number;
  readonly offset?: number;
}

function fieldsOf(error: unknown): ErrorFields {
  if (typeof error !== 'object' || error === null) return { message: String(error) };
  return error as ErrorFields;
}

function fabricError({ code = 'unknown', message = '', status = 0, problems = [] }: ErrorFields): Shown {
  const what = message.startsWith(`${code}: `) ? message.slice(code.length + 2) : message;
  if (code === 'unreachable') {
    const todo = 'Start one with `marie up`, or name its address with --url or MARIE_URL.';
    return { exitCode: Exit.Unreachable, code, what: `no fabric answers: ${what}`, where: null, todo, problems: [] };
  }
  const exitCode = UNAVAILABLE.has(code) ? Exit.Unavailable : status === 0 ? Exit.Failed : Exit.Refused;
  return { exitCode, code, what, where: null, todo: todoOf(code), problems: listed(problems) };
}

function configError({ code = 'config-invalid', file, problems = [] }: ErrorFields): Shown {
  const todo = 'Correct the settings; `marie up --help` names them.';
  const what = 'the configuration can not be used';
  return { exitCode: Exit.Usage, code, what, where: file ?? 'the options', todo, problems: listed(problems) };
}

function otherError(fields: ErrorFields, error: unknown): Shown {
  const code = fields.code ?? 'internal';
  const what = fields.message ?? String(error);
  const where = fields.file === undefined || fields.file === null ? (fields.path ?? null) : placeOf(fields);
  const base = { code, what, where, problems: [] };
  if (code === 'ENOENT' || code === 'EISDIR' || code === 'EACCES' || code === 'ENOTDIR') {
    return { ...base, exitCode: Exit.Usage, todo: 'Check the path, and that you may read it.' };
  }
  if (code === 'EADDRINUSE') {
    return { ...base, exitCode: Exit.Unavailable, todo: 'Choose another port with --port, or end what listens there.' };
  }
  const exitCode = DAMAGED.has(code) ? Exit.Damaged : UNAVAILABLE.has(code) ? Exit.Unavailable : Exit.Failed;
  return { ...base, exitCode, todo: LOCAL_TODO.get(code) ?? todoOf(code) };
}

function placeOf({ file, offset, turn }: ErrorFields): string {
  const at = offset === undefined ? '' : `, byte ${offset}`;
  return `${file}${at}${turn === undefined ? '' : `, turn ${turn}`}`;
}

function todoOf(code: string): string | null {
  return isErrorCode(code) ? ERRORS[code].todo : null;
}

function listed(problems: NonNullable<ErrorFields['problems']>): readonly string[] {
  return problems.map(({ code, path, detail }) => {
    const label = code === undefined ? '' : `${code} `;
    return path === '' ? `${label}${detail}` : `${label}${path}: ${detail}`;
  });
}

/** The error as lines for people. */
export function errorText(shown: Shown, colors: Colors): string {
  const lines = [`${colors.red('error')} ${colors.bold(shown.code)}: ${shown.what}`];
  if (shown.where !== null) lines.push(`  where: ${shown.where}`);
  for (const problem of shown.problems) lines.push(`  - ${problem}`);
  if (shown.todo !== null) lines.push(`  what to do: ${shown.todo}`);
  return lines.join('\n');
}

/** The error as one line of JSON. */
export function errorJson({ exitCode, code, what, where, todo, problems }: Shown): string {
  return JSON.stringify({ error: { code, what, where, todo, problems, exitCode } });
}
