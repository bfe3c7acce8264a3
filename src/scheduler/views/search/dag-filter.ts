import { DAG_STATE_NAMES } from '../../../catalogue/generated/codes.js';
import { kebab } from '../../../catalogue/kebab.js';
import type { SubmissionHead } from '../../../catalogue/submission-head.js';
import { IdKind, seqOf } from '../../../kernel/rows/ids.js';
import type { State } from '../../../kernel/rows/state.js';
import type { Columns } from '../../../kernel/rows/table.js';
import type { DAG } from '../../../kernel/rows/tables.js';
import type { DagQuery, Span } from '../port.js';
import { hasEnded, riskOf } from './dag-facts.js';

/** Numbers of the states that are named, null for all; a name that is none leaves its number out. */
export function numbersOf(
  names: ReadonlySet<string> | null,
  all: ReadonlyMap<number, string>,
): ReadonlySet<number> | null {
  if (names === null) return null;
  return new Set([...all].filter(([, name]) => names.has(kebab(name))).map(([number]) => number));
}

/** Whether a moment lies in a span; 0 is no moment. */
export function isWithin({ fromMs, toMs }: Span, atMs: number): boolean {
  if (fromMs === null && toMs === null) return true;
  return atMs !== 0 && (fromMs === null || atMs >= fromMs) && (toMs === null || atMs < toMs);
}

/** The part of a query that a DAG's row answers. */
export class RowFilter {
  readonly #states: ReadonlySet<number> | null;
  /** Sequence number of the tenant; 0 where any, -1 where the cell has none of this name. */
  readonly #tenant: number;

  constructor(
    private readonly query: DagQuery,
    state: State,
  ) {
    this.#states = numbersOf(query.states, DAG_STATE_NAMES);
    this.#tenant = query.tenant === null ? 0 : seqOf(state, IdKind.tenant, '', query.tenant) || -1;
  }

  /** Whether no DAG at all can be meant. */
  get isEmpty(): boolean {
    return this.#tenant < 0 || this.#states?.size === 0;
  }

  /** Whether a DAG that has ended can be meant: no other is out of memory. */
  get wantsEnded(): boolean {
    return this.#states === null || [...this.#states].some(hasEnded);
  }

  /** Whether a row is meant, in the state's table or in another of its kind. */
  wants(c: Columns<typeof DAG>, row: number): boolean {
    const { paused, risk, accepted, ended } = this.query;
    if (this.#tenant !== 0 && c.tenant[row] !== this.#tenant) return false;
    if (this.#states !== null && !this.#states.has(c.state[row]!)) return false;
    if (paused !== null && (c.paused[row] !== 0) !== paused) return false;
    if (risk !== null && riskOf(c, row) !== risk) return false;
    return isWithin(accepted, c.acceptedAtMs[row]!) && isWithin(ended, c.endedAtMs[row]!);
  }
}

/** Whether the head of a submission is what a query means. */
export function wantsHead({ id, text, labels }: DagQuery, head: SubmissionHead): boolean {
  if (id !== null && head.dagId !== id) return false;
  if (text !== null && !beginsSomewhere(head, text)) return false;
  return labels.every((wanted) => head.labels.some((label) => isLabel(label, wanted)));
}

/** Whether a label is the one that is named, by `name=value`, or by its name for any value; both may have a `=`. */
function isLabel({ name, value }: SubmissionHead['labels'][number], wanted: string): boolean {
  return wanted.includes('=') ? wanted === `${name}=${value}` : wanted === name;
}

/** Whether a query asks for something that only the submission knows. */
export function asksForHead({ id, text, labels }: DagQuery): boolean {
  return id !== null || text !== null || labels.length > 0;
}

function beginsSomewhere(head: SubmissionHead, text: string): boolean {
  if (head.dagId.startsWith(text) || head.name.startsWith(text)) return true;
  if (head.template?.startsWith(text) || head.idempotencyKey.startsWith(text)) return true;
  return head.labels.some(({ value }) => value.startsWith(text));
}
