import type { ErrorCode } from '../../catalogue/generated/errors.js';
import { messageOf } from '../../catalogue/thrown.js';
import { type FormProblem, problemText } from '../../form/form-error.js';
import { checkNumbers } from '../../form/numbers.js';
import { parseYaml } from '../../form/yaml.js';
import { CliError, Exit } from '../exit.js';
import { parseJson } from './json-text.js';
import { readText, unreadableFile } from './text-file.js';

/** An object as it was read, and JSON that says the same: the file's own text, where that is JSON. */
export interface ReadObject {
  readonly value: Fields;
  readonly json: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** Reads an object as JSON or YAML (of which JSON is a part) from a file, or from stdin for `-`. */
export async function readObject(file: string, todo: string): Promise<ReadObject> {
  const text = await readText(file, todo);
  let read: ReadData;
  try {
    read = parseData(text);
  } catch (error) {
    throw unreadableFile(file, messageOf(error), todo);
  }
  const { value, json } = read;
  if (isObject(value)) return { value, json };
  throw unreadableFile(file, 'it holds no object', todo);
}

/** Anything else as it was read, and the same JSON. */
type ReadData = Omit<ReadObject, 'value'> & { readonly value: unknown };

/** Reads a text as JSON or YAML. YAML takes twenty times as long, and as much memory. Throws for what is neither. */
export function parseData(text: string): ReadData {
  return text.trimStart().startsWith('{') ? { value: parseJson(text), json: text } : readYaml(text);
}

function readYaml(text: string): ReadData {
  const document = parseYaml(text);
  checkNumbers(document);
  const value: unknown = document.toJS();
  return { value, json: JSON.stringify(value) };
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
