import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { isNode, LineCounter, parse, parseDocument } from 'yaml';
import { unreadable } from '../main/unreadable.js';
import { checkPlan, type Plan, PlanError } from '../simulate/index.js';
import { readText } from './data-file.js';
import { CliError, Exit } from './exit.js';

const FORM = 'Write the plan as YAML or JSON; docs/how-to/simulate.md describes every field.';

/** A plan as it was read, with what finds its parts. */
export interface PlanFile {
  readonly plan: Plan;
  /** A path that the plan names, from where the plan is. */
  near(path: string): string;
  /** The same error with the file and its lines. */
  wrong(error: PlanError): CliError;
}

/** Reads a plan and the submissions that it names; `overrides` stand above its fields. */
export async function readPlan(file: string, overrides: Readonly<Record<string, unknown>>): Promise<PlanFile> {
  const text = await readText(file);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [broken] = document.errors;
  if (broken !== undefined) {
    throw new CliError(Exit.Usage, 'unreadable-file', broken.message, { where: file, todo: FORM });
  }
  const folder = file === '-' ? process.cwd() : dirname(file);
  const near = (path: string) => resolve(folder, path);
  const wrong = ({ code, problems }: PlanError) => {
    const listed = problems.map(({ path, detail }) => `${placeOf(path)}${detail}`);
    return new CliError(Exit.Usage, code, 'the plan can not be simulated', { where: file, problems: listed });
  };

  /** Line of what a problem is about, or of the nearest thing around it that there is. */
  function placeOf(path: string): string {
    const parts = path === '' ? [] : path.split('.');
    if (parts.length > 0 && parts[0]! in overrides) return `--${parts[0]}: `;
    for (let length = parts.length; length > 0; length--) {
      const inner = parts.slice(0, length).map((part) => (/^\d+$/.test(part) ? Number(part) : part));
      const node = document.getIn(inner, true);
      if (isNode(node) && node.range) return `line ${lines.linePos(node.range[0]).line}, ${path}: `;
    }
    return path === '' ? '' : `${path}: `;
  }

  const given: unknown = document.toJS();
  const isPlain = typeof given === 'object' && given !== null && !Array.isArray(given);
  try {
    const value = isPlain ? { ...given, ...overrides } : given;
    return { plan: checkPlan(value, (name) => readDag(name, near(name))), near, wrong };
  } catch (error) {
    throw error instanceof PlanError ? wrong(error) : error;
  }
}

/** A submission that a plan names, parsed. What it throws is told at the place that names it. */
function readDag(name: string, file: string): unknown {
  try {
    return parse(readFileSync(file, 'utf8')) as unknown;
  } catch (error) {
    throw new Error(`${name}: ${unreadable(error)}`);
  }
}
