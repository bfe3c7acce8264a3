/** Conditions on the outputs of upstream jobs (`when` of a job): what they are, and whether they hold. */
import { firstItem, nextItem } from './array.js';
import type { Comparison } from './equal.js';
import { Lookup } from './lookup.js';
import { type Span, skipValue, typeAt } from './span.js';

/** The operators of a test; closed. */
export const WHEN_OPERATORS = ['eq', 'ne', 'lt', 'le', 'gt', 'ge', 'in', 'exists'] as const;

/** One of `WHEN_OPERATORS`. */
export type WhenOperator = (typeof WHEN_OPERATORS)[number];

/** A test of one value of one job's output. */
export type WhenTest = {
  readonly form: 'test';
  /** Number of the node after this one. */
  readonly after: number;
  /** JSON pointer of the test in the condition's text. */
  readonly path: string;
  readonly job: string;
  /** Reference tokens of the pointer into the job's output. */
  readonly at: readonly string[];
  readonly operator: WhenOperator;
  /** The operand in the condition's text; null for `exists` only. */
  readonly operand: Span | null;
};

/** `all` and `any` of the nodes up to `after`, or `not` of the one that follows. */
export type WhenGroup = { readonly form: 'all' | 'any' | 'not'; readonly after: number };

/** A parsed condition: its text, and its nodes in preorder; node 0 is the whole, and `after` jumps over a subtree. */
export type Condition = { readonly bytes: Uint8Array; readonly nodes: readonly (WhenTest | WhenGroup)[] };

/** Ids of the jobs whose outputs a condition asks for, each once, in order of first mention. */
export function jobsOf(condition: Condition): readonly string[] {
  const jobs = new Set<string>();
  for (const node of condition.nodes) if (node.form === 'test') jobs.add(node.job);
  return [...jobs];
}

/** What a condition gets of a job: its output as validated JSON text, that it is in a blob, or null if it has none. */
export type ReadOutput = Uint8Array | 'blob' | null;

/** Whether something holds; null: that depends on an output in a blob, of which is known here only that it is there. */
type Told = boolean | null;

/**
 * Whether a condition holds; null when that depends on what is in a blob.
 *
 * Where the output or the value at the pointer is missing, every test is false, also `ne`; `not` of it is true. A JSON
 * null is a value. Values of different types are unequal (`eq` and `in` false, `ne` true) and have no order (`lt`,
 * `le`, `gt`, `ge` false), like anything but two numbers or two strings. `all` of nothing is true, `any` of nothing
 * false. Outputs that cannot change the result are not asked for.
 *
 * Of an output in a blob `exists` without a pointer is true, and every other test can't be told. One false part decides
 * an `all` all the same, and one true part an `any`, wherever they stand. Who evaluates many on the same outputs gives
 * them one `lookup`. All tests of one output are made together, as of many large ones it forgets the first.
 */
export function evaluate(
  condition: Condition,
  outputOf: (job: string) => ReadOutput,
  lookup: Lookup = new Lookup(),
): Told {
  const { nodes } = condition;
  const made = new Map<WhenTest, Told>();
  const open: OpenGroup[] = [];
  let at = 0;
  for (;;) {
    const node = nodes[at]!;
    if (node.form !== 'test' && node.after > at + 1) {
      open.push({ form: node.form, after: node.after, isUnsure: false });
      at += 1;
      continue;
    }
    if (node.form === 'test' && !made.has(node)) makeTests(condition, node.job, outputOf(node.job), lookup, made);
    let holds: Told = node.form === 'test' ? made.get(node)! : node.form === 'all';
    at = node.after;
    // The result goes up through every group that it decides, or that ends with it.
    for (;;) {
      const group = open.at(-1);
      if (group === undefined) return holds;
      const told = toldOf(group, holds, at === group.after);
      if (told === undefined) break;
      holds = told;
      at = group.after;
      open.pop();
    }
  }
}

/** A group of which a part has been looked at, and whether one could not be told. */
type OpenGroup = WhenGroup & { isUnsure: boolean };

/** What a group comes to with one more of its parts; undefined: the next part is looked at. */
function toldOf(group: OpenGroup, part: Told, isLast: boolean): Told | undefined {
  if (group.form === 'not') return part === null ? null : !part;
  const deciding = group.form === 'any';
  if (part === deciding) return part;
  if (part === null) group.isUnsure = true;
  if (!isLast) return undefined;
  return group.isUnsure ? null : !deciding;
}

/** Makes all tests of one output. */
function makeTests(
  condition: Condition,
  job: string,
  output: ReadOutput,
  lookup: Lookup,
  told: Map<WhenTest, Told>,
): void {
  for (const node of condition.nodes) {
    if (node.form === 'test' && node.job === job) told.set(node, test(condition.bytes, node, output, lookup));
  }
}

function test(text: Uint8Array, node: WhenTest, output: ReadOutput, lookup: Lookup): Told {
  if (output === 'blob') return node.operator === 'exists' && node.at.length === 0 ? true : null;
  const value = output === null ? null : lookup.find(output, node.at);
  if (output === null || value === null) return false;
  const operand = node.operand;
  if (operand === null) return true;
  switch (node.operator) {
    case 'eq':
      return lookup.comparison(output, value).equals(text, operand);
    case 'ne':
      return !lookup.comparison(output, value).equals(text, operand);
    case 'in':
      return isAmong(lookup.comparison(output, value), text, operand);
    case 'exists':
      return true;
    default:
      return haveOrder(output, value, text, operand)
        ? isOrdered(node.operator, lookup.comparison(output, value).order(text, operand))
        : false;
  }
}

function isAmong(value: Comparison, text: Uint8Array, list: Span): boolean {
  for (let start = firstItem(text, list.start); start >= 0; ) {
    const end = skipValue(text, start);
    if (value.equals(text, { start, end })) return true;
    start = nextItem(text, end);
  }
  return false;
}

/** Whether two values are of one type that has an order. */
function haveOrder(output: Uint8Array, value: Span, text: Uint8Array, operand: Span): boolean {
  const type = typeAt(output, value.start);
  return type === typeAt(text, operand.start) && (type === 'number' || type === 'string');
}

function isOrdered(operator: 'lt' | 'le' | 'gt' | 'ge', order: number): boolean {
  switch (operator) {
    case 'lt':
      return order < 0;
    case 'le':
      return order <= 0;
    case 'gt':
      return order > 0;
    case 'ge':
      return order >= 0;
  }
}
