/** Reads conditions (`when` of a job): the grammar, its limits, and what is said about text that breaks them. */
import { itemsOf } from './array.js';
import { parsePointer, pointerToken } from './pointer.js';
import { validate } from './scan.js';
import { membersOf, rootSpan, type Span, textOf, typeAt } from './span.js';
import { type Condition, WHEN_OPERATORS, type WhenGroup, type WhenOperator, type WhenTest } from './when.js';

/** maxBytes: length of the text; maxDepth: conditions inside each other; maxNodes: conditions in all. */
export type WhenLimits = { readonly maxBytes: number; readonly maxDepth: number; readonly maxNodes: number };

/** What one job's condition may be; far above what people write, far below what would hold up a turn. */
export const WHEN_LIMITS: WhenLimits = { maxBytes: 65_536, maxDepth: 32, maxNodes: 256 };

/** Nesting of an operand, on top of the condition's own (an object and an array a level). */
const OPERAND_DEPTH_MAX = 64;

/** Problems listed before the rest is left out. */
const PROBLEMS_MAX = 100;

/** One thing that is wrong: a code of schemas/errors.json, a JSON pointer into the condition, a sentence. */
export type WhenProblem = {
  readonly code:
    | 'invalid-json'
    | 'invalid-when'
    | 'invalid-pointer'
    | 'invalid-value'
    | 'missing-field'
    | 'unknown-field';
  readonly path: string;
  readonly detail: string;
};

/** A condition, or null and at least one problem. */
export type ParsedWhen =
  | { readonly condition: Condition; readonly problems: readonly [] }
  | { readonly condition: null; readonly problems: readonly WhenProblem[] };

/**
 * Parses `{all | any: […]} | {not: …} | {job, at, op, value}`. `at` may be absent (all of the output); `value` is a
 * number or string for lt, le, gt, ge, an array for `in`, anything for eq and ne, and absent for `exists`. All problems
 * are listed, up to a hundred.
 */
export function parseWhen(bytes: Uint8Array, limits: WhenLimits = WHEN_LIMITS): ParsedWhen {
  const maxDepth = 2 * limits.maxDepth + OPERAND_DEPTH_MAX;
  const fault = validate(bytes, { maxBytes: limits.maxBytes, maxDepth });
  if (fault !== null) {
    const detail = `not JSON within the limits: ${fault.reason} at byte ${fault.offset}`;
    return { condition: null, problems: [{ code: 'invalid-json', path: '', detail }] };
  }
  return new WhenParser(bytes, limits).run();
}

/** A condition still to be read, or (`closes`) a group whose children have all been read. */
type Frame =
  | { readonly closes: number }
  | { readonly closes: null; readonly span: Span; readonly path: string; readonly depth: number };

type Draft = WhenTest | { form: WhenGroup['form']; after: number };

const GROUPS = ['all', 'any', 'not'] as const;
const TEST_FIELDS: readonly string[] = ['job', 'at', 'op', 'value'];

class WhenParser {
  readonly #bytes: Uint8Array;
  readonly #limits: WhenLimits;
  readonly #nodes: Draft[] = [];
  readonly #problems: WhenProblem[] = [];
  readonly #frames: Frame[] = [];
  /** Conditions seen, read or not. */
  #seen = 1;

  constructor(bytes: Uint8Array, limits: WhenLimits) {
    this.#bytes = bytes;
    this.#limits = limits;
  }

  run(): ParsedWhen {
    this.#frames.push({ closes: null, span: rootSpan(this.#bytes), path: '', depth: 1 });
    for (let frame = this.#frames.pop(); frame !== undefined; frame = this.#frames.pop()) {
      if (frame.closes === null) this.#condition(frame.span, frame.path, frame.depth);
      else (this.#nodes[frame.closes] as { after: number }).after = this.#nodes.length;
      if (this.#problems.length >= PROBLEMS_MAX) break;
    }
    if (this.#problems.length > 0) return { condition: null, problems: this.#problems };
    return { condition: { bytes: this.#bytes, nodes: this.#nodes }, problems: [] };
  }

  #problem(code: WhenProblem['code'], path: string, detail: string): void {
    if (this.#problems.length < PROBLEMS_MAX) this.#problems.push({ code, path, detail });
  }

  #condition(span: Span, path: string, depth: number): void {
    const members = membersOf(this.#bytes, span);
    if (members === null) {
      this.#problem('invalid-when', path, 'a condition is an object');
      return;
    }
    if (depth > this.#limits.maxDepth) {
      this.#problem('invalid-when', path, `conditions are nested deeper than ${this.#limits.maxDepth}`);
      return;
    }
    const groups = GROUPS.filter((group) => members.has(group));
    const [form] = groups;
    if (groups.length > 1) {
      this.#problem('invalid-when', path, `a condition has one of all, any and not, this one has ${groups.join(', ')}`);
    } else if (form === undefined) {
      this.#test(members, path);
    } else {
      this.#unknownFields(members, path, [form]);
      this.#group(form, members.get(form)!, `${path}/${form}`, depth);
    }
  }

  #unknownFields(members: ReadonlyMap<string, Span>, path: string, known: readonly string[]): void {
    for (const key of members.keys()) {
      if (!known.includes(key)) {
        this.#problem(
          'unknown-field',
          `${path}/${pointerToken(key)}`,
          `a condition with ${known[0]} has no such field`,
        );
      }
    }
  }

  #group(form: WhenGroup['form'], span: Span, path: string, depth: number): void {
    const children: Frame[] = [];
    if (form === 'not') {
      children.push({ closes: null, span, path, depth: depth + 1 });
    } else {
      const items = itemsOf(this.#bytes, span);
      if (items === null) {
        this.#problem('invalid-value', path, `${form} is an array of conditions`);
        return;
      }
      for (let i = 0; 2 * i < items.length && this.#seen + i <= this.#limits.maxNodes; i++) {
        const item = { start: items[2 * i]!, end: items[2 * i + 1]! };
        children.push({ closes: null, span: item, path: `${path}/${i}`, depth: depth + 1 });
      }
    }
    this.#seen += children.length;
    if (this.#seen > this.#limits.maxNodes) {
      this.#problem('invalid-when', path, `there are more than ${this.#limits.maxNodes} conditions in all`);
      this.#frames.length = 0;
      return;
    }
    const node = this.#nodes.push({ form, after: 0 }) - 1;
    this.#frames.push({ closes: node }, ...children.reverse());
  }

  #test(members: ReadonlyMap<string, Span>, path: string): void {
    this.#unknownFields(members, path, TEST_FIELDS);
    const job = this.#text(members, path, 'job', null);
    const pointer = this.#text(members, path, 'at', '');
    const operator = this.#operator(members, path);
    const at = pointer === null ? null : parsePointer(pointer);
    if (pointer !== null && at === null) {
      this.#problem(
        'invalid-pointer',
        `${path}/at`,
        'a JSON pointer is empty or starts with /, and has ~ only as ~0, ~1',
      );
    }
    const operand = members.get('value') ?? null;
    if (operator !== null) this.#checkOperand(operator, operand, `${path}/value`);
    if (job === null || at === null || operator === null) return;
    this.#nodes.push({ form: 'test', after: this.#nodes.length + 1, path, job, at, operator, operand });
  }

  /** The text of a field; `absent` where it is not there, and a problem where that is null. */
  #text(members: ReadonlyMap<string, Span>, path: string, field: string, absent: string | null): string | null {
    const span = members.get(field);
    if (span === undefined) {
      if (absent === null) this.#problem('missing-field', `${path}/${field}`, `a test needs ${field}`);
      return absent;
    }
    const text = textOf(this.#bytes, span);
    if (text === null) this.#problem('invalid-value', `${path}/${field}`, `${field} is a string`);
    return text;
  }

  #operator(members: ReadonlyMap<string, Span>, path: string): WhenOperator | null {
    const text = this.#text(members, path, 'op', null);
    if (text === null) return null;
    const operator = WHEN_OPERATORS.find((known) => known === text);
    if (operator !== undefined) return operator;
    this.#problem('invalid-value', `${path}/op`, `op is one of ${WHEN_OPERATORS.join(', ')}`);
    return null;
  }

  #checkOperand(operator: WhenOperator, operand: Span | null, path: string): void {
    if (operator === 'exists') {
      if (operand !== null) this.#problem('unknown-field', path, 'exists takes no value');
      return;
    }
    if (operand === null) {
      this.#problem('missing-field', path, `${operator} needs a value to compare with`);
      return;
    }
    const type = typeAt(this.#bytes, operand.start);
    if (operator === 'in') {
      if (type !== 'array') this.#problem('invalid-value', path, 'in takes an array of values');
    } else if (operator !== 'eq' && operator !== 'ne' && type !== 'number' && type !== 'string') {
      this.#problem('invalid-value', path, `${operator} takes a number or a string`);
    }
  }
}
