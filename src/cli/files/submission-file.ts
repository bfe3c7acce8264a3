import { isObjectAt, skipSpace, TooDeep } from '../../edge/json/raw.js';
import { CliError, Exit } from '../exit.js';
import { readObject } from './data-file.js';
import { type Edit, edited, elementsAt, membersAt } from './json-text.js';
import { unreadableFile } from './text-file.js';

const FORM = 'Write the DAG as JSON or YAML: an object with a list of jobs.';

/** An input that the command line fills in: `{"input": "name"}` stands for the file of `--input name=path`. */
interface Placeholder {
  readonly name: string;
  /** Where it stands in the text. */
  readonly from: number;
  readonly to: number;
}

/**
 * A submission as JSON text. It is sent as it was written, but for what the command line fills in: a number parsed and
 * written anew may be another one, and keys come in another order.
 */
export interface SubmissionFile {
  readonly text: string;
  readonly placeholders: readonly Placeholder[];
  /** The ids of its jobs, of those that have one. */
  readonly ids: ReadonlySet<unknown>;
}

/** Reads a submission as JSON or YAML from a file, or from stdin for `-`. */
export async function readSubmission(file: string): Promise<SubmissionFile> {
  const { json } = await readObject(file, FORM);
  try {
    return submissionOf(json);
  } catch (error) {
    if (error instanceof TooDeep) throw unreadableFile(file, error.message, FORM);
    throw error;
  }
}

/** The submission that a JSON text is. Throws `TooDeep`. */
export function submissionOf(text: string): SubmissionFile {
  const placeholders: Placeholder[] = [];
  const ids = new Set<unknown>();
  const jobs = membersAt(text, skipSpace(text, 0)).get('jobs');
  for (const job of jobs === undefined ? [] : elementsAt(text, jobs.from)) {
    const members = membersAt(text, job.from);
    const id = members.get('id');
    if (id !== undefined) ids.add(JSON.parse(text.slice(id.from, id.to)));
    const inputs = members.get('inputs');
    if (inputs === undefined) continue;
    for (const { from, to } of membersAt(text, inputs.from).values()) {
      const name = placeholderIn(text, from, to);
      if (name !== null) placeholders.push({ name, from, to });
    }
  }
  return { text, placeholders, ids };
}

/** The name in `{"input": "name"}`; null for any other binding. */
function placeholderIn(text: string, from: number, to: number): string | null {
  if (!isObjectAt(text, from)) return null;
  const members = membersAt(text, from);
  if (members.size !== 1 || !members.has('input')) return null;
  const { input } = JSON.parse(text.slice(from, to)) as { readonly input: unknown };
  return typeof input === 'string' ? input : null;
}

/** `name=path` of each --input. */
export function parseInputs(pairs: readonly string[]): ReadonlyMap<string, string> {
  const inputs = new Map<string, string>();
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    if (at < 1 || at === pair.length - 1) {
      throw new CliError(Exit.Usage, 'invalid-input', `${pair} is not name=path`, { where: '--input' });
    }
    inputs.set(pair.slice(0, at), pair.slice(at + 1));
  }
  return inputs;
}

/** Throws unless every placeholder has a file and every file a placeholder. */
export function checkInputs(file: string, { placeholders }: SubmissionFile, inputs: ReadonlyMap<string, string>): void {
  const wanted = new Set(placeholders.map(({ name }) => name));
  const missing = [...wanted].filter((name) => !inputs.has(name));
  const unused = [...inputs.keys()].filter((name) => !wanted.has(name));
  const problems = [
    ...missing.map((name) => `the DAG needs --input ${name}=PATH`),
    ...unused.map((name) => `the DAG has no input {"input": "${name}"}`),
  ];
  if (problems.length === 0) return;
  throw new CliError(Exit.Usage, 'inputs-differ', 'the inputs are not those of the DAG', { where: file, problems });
}

/** Throws unless it has the job whose output is asked for. */
export function checkOutput(file: string, { ids }: SubmissionFile, job: string): void {
  if (ids.has(job)) return;
  throw new CliError(Exit.Usage, 'unknown-job', `the DAG has no job ${job}, whose output is asked for`, {
    where: file,
  });
}

/** What the command line says of the DAG itself. */
type Fields = Readonly<Record<string, string | number | undefined>>;

/** The text with every placeholder replaced by the address of what was uploaded for it, and with these fields. */
export function fillIn(
  { text, placeholders }: SubmissionFile,
  uris: ReadonlyMap<string, string>,
  fields: Fields,
): string {
  const bound = placeholders.map(({ name, from, to }) => ({ from, to, text: JSON.stringify({ uri: uris.get(name) }) }));
  const edits = [...fieldEdits(text, fields), ...bound];
  return edited(
    text,
    edits.sort((a, b) => a.from - b.from),
  );
}

/** Fields in place of those that the object has, or before its first. */
function fieldEdits(text: string, fields: Fields): readonly Edit[] {
  const at = skipSpace(text, 0);
  const members = membersAt(text, at);
  const edits: Edit[] = [];
  let added = '';
  for (const [name, value] of Object.entries(fields)) {
    const place = members.get(name);
    if (value === undefined) continue;
    if (place !== undefined) edits.push({ ...place, text: JSON.stringify(value) });
    else added += `${JSON.stringify(name)}:${JSON.stringify(value)},`;
  }
  // The last comma is for the members that follow.
  if (members.size === 0) added = added.slice(0, -1);
  return [...edits, { from: at + 1, to: at + 1, text: added }];
}
