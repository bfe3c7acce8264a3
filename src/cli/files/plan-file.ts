import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { messageOf } from '../../catalogue/thrown.js';
import { problemText } from '../../form/form-error.js';
import { FormFile } from '../../form/form-file.js';
import { unreadable } from '../../main/config/unreadable.js';
import { checkPlan, type Plan, PlanError } from '../../simulate/index.js';
import { CliError, Exit } from '../exit.js';
import { isObject, parseData } from './data-file.js';
import { fillIn, submissionOf } from './submission-file.js';
import { plainText, readText, unreadableFile } from './text-file.js';

const FORM = 'Write the plan as YAML or JSON; docs/how-to/simulate.md describes every field.';

/** A plan as it was read, with what finds its parts. */
export interface PlanFile {
  readonly plan: Plan;
  /** A path that the plan names, from where the plan is; a cell on Kafka is named from everywhere. */
  near(path: string): string;
  /** The same error with the file and its lines. */
  wrong(error: PlanError): CliError;
}

/** Reads a plan and the submissions that it names; `overrides` stand above its fields. */
export async function readPlan(file: string, overrides: Readonly<Record<string, unknown>>): Promise<PlanFile> {
  const form = formOf(file, await readText(file, FORM));
  const folder = file === '-' ? process.cwd() : dirname(file);
  const near = (path: string) => placeNear(folder, path);
  const isOption = (path: string) => path.split('.')[0]! in overrides;
  const wrong = ({ code, problems }: PlanError) => {
    const listed = problems.map((problem) =>
      isOption(problem.path)
        ? problemText({ ...problem, path: `--${problem.path}` })
        : problemText(form.located(problem)),
    );
    return new CliError(Exit.Usage, code, 'the plan can not be simulated', { where: file, problems: listed });
  };
  const given = form.value;
  try {
    const value = isObject(given) ? { ...given, ...overrides } : given;
    return { plan: checkPlan(value, (name) => readDag(name, near(name))), near, wrong };
  } catch (error) {
    throw error instanceof PlanError ? wrong(error) : error;
  }
}

/** Of a cell on Kafka only the archive that may be named before it is a path. */
function placeNear(folder: string, path: string): string {
  const onKafka = /^(?:(.+)\+)?(kafka:\/\/.+)$/.exec(path);
  if (onKafka === null) return resolve(folder, path);
  const [, archive, cell] = onKafka;
  return archive === undefined ? cell! : `${resolve(folder, archive)}+${cell}`;
}

function formOf(file: string, text: string): FormFile {
  try {
    return new FormFile(text);
  } catch (error) {
    throw unreadableFile(file, messageOf(error), FORM);
  }
}

/** A submission that a plan names, parsed. What it throws is told at the place that names it. */
function readDag(name: string, file: string): unknown {
  try {
    const { value, json } = parseData(plainText(readFileSync(file, 'utf8')));
    return isObject(value) ? bound(json) : value;
  } catch (error) {
    throw new Error(`${name}: ${unreadable(error)}`);
  }
}

/** The same submission, with an address for each input that `marie submit` would fill in: no attempt reads it. */
function bound(json: string): unknown {
  const submission = submissionOf(json);
  const uris = new Map(submission.placeholders.map(({ name }) => [name, `input:${name}`]));
  return JSON.parse(fillIn(submission, uris, {}));
}
