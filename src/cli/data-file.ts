import { readFile } from 'node:fs/promises';
import { text as textOfStream } from 'node:stream/consumers';
import type { ErrorCode } from '../catalogue/generated/errors.js';
import { type FormProblem, problemText } from '../form/form-error.js';
import { checkLevels } from '../form/levels.js';
import { parseYaml } from '../form/yaml.js';
import { CliError, Exit } from './exit.js';

/** An object as it was read. */
export type Fields = Readonly<Record<string, unknown>>;

/** Reads an object as JSON or YAML (of which JSON is a part) from a file, or from stdin for `-`. */
export async function readObject(file: string, todo: string): Promise<Fields> {
  const text = await readText(file, todo);
  let value: unknown;
  try {
    value = text.trimStart().startsWith('{') ? parseJson(text) : parseYaml(text).toJS();
  } catch (error) {
    throw unreadable(file, error instanceof Error ? error.message : String(error), todo);
  }
  if (isObject(value)) return value;
  throw unreadable(file, 'it holds no object', todo);
}

function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  checkLevels(value, (part) => (typeof part === 'object' && part !== null ? Object.values(part) : []));
  return value;
}

/** The text of a file, or of stdin for `-`, whatever that is: a terminal, a pipe, a socket. For a folder: `todo`. */
export async function readText(file: string, todo: string): Promise<string> {
  if (file === '-') return textOfStream(process.stdin);
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EISDIR')
      throw unreadable(file, 'it is a folder', todo);
    throw error;
  }
}

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An error of a file's contents, with everything that is wrong. */
export interface ListedError extends Error {
  readonly code: ErrorCode;
  readonly problems: readonly FormProblem[];
}

/** The same as an error of the command line. */
export function wrongFile(file: string, error: ListedError, what: string): CliError {
  return new CliError(Exit.Usage, error.code, what, { where: file, problems: error.problems.map(problemText) });
}

function unreadable(file: string, detail: string, todo: string): CliError {
  return new CliError(Exit.Usage, 'unreadable-file', detail, { where: file, todo });
}
