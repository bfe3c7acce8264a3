import type { JobSubmission, Submission } from '../client/index.js';
import { type Fields, isObject, readObject } from './data-file.js';
import { CliError, Exit } from './exit.js';

/** An input that the command line fills in: `{"input": "name"}` stands for the file of `--input name=path`. */
interface Placeholder {
  readonly input: string;
}

/** Reads a submission as JSON or YAML from a file, or from stdin for `-`. */
export function readSubmission(file: string): Promise<Fields> {
  return readObject(file, 'Write the DAG as JSON or YAML: an object with a list of jobs.');
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

/** Names of the inputs that a submission leaves to the command line. */
export function placeholdersOf(dag: Fields): ReadonlySet<string> {
  const names = new Set<string>();
  for (const job of jobsOf(dag))
    for (const binding of bindingsOf(job)) if (isPlaceholder(binding)) names.add(binding.input);
  return names;
}

/** Throws unless every placeholder has a file and every file a placeholder. */
export function checkInputs(file: string, dag: Fields, inputs: ReadonlyMap<string, string>): void {
  const wanted = placeholdersOf(dag);
  const missing = [...wanted].filter((name) => !inputs.has(name));
  const unused = [...inputs.keys()].filter((name) => !wanted.has(name));
  const problems = [
    ...missing.map((name) => `the DAG needs --input ${name}=PATH`),
    ...unused.map((name) => `the DAG has no input {"input": "${name}"}`),
  ];
  if (problems.length === 0) return;
  throw new CliError(Exit.Usage, 'inputs-differ', 'the inputs are not those of the DAG', { where: file, problems });
}

/** The submission with every placeholder replaced by the address of what was uploaded for it. */
export function fillIn(dag: Fields, uris: ReadonlyMap<string, string>): Submission {
  if (!Array.isArray(dag['jobs'])) return dag as unknown as Submission;
  const jobs = dag['jobs'].map((job: unknown) => {
    if (!isObject(job) || !isObject(job['inputs'])) return job;
    const inputs = Object.entries(job['inputs']).map(([name, binding]) => {
      return [name, isPlaceholder(binding) ? { uri: uris.get(binding.input) } : binding];
    });
    return { ...job, inputs: Object.fromEntries(inputs) };
  });
  return { ...dag, jobs: jobs as readonly JobSubmission[] } as Submission;
}

function jobsOf(dag: Fields): readonly unknown[] {
  return Array.isArray(dag['jobs']) ? dag['jobs'] : [];
}

function bindingsOf(job: unknown): readonly unknown[] {
  return isObject(job) && isObject(job['inputs']) ? Object.values(job['inputs']) : [];
}

function isPlaceholder(binding: unknown): binding is Placeholder {
  return isObject(binding) && typeof binding['input'] === 'string' && Object.keys(binding).length === 1;
}
