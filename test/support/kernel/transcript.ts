import { Code, nameOf } from '../../../src/catalogue/generated/codes.js';
import type { AnyEntry, SubmitDag } from '../../../src/catalogue/generated/types.js';
import type { State } from '../../../src/kernel/rows/state.js';

/** Fields that every line would repeat or that say nothing to a reader. */
const HIDDEN = new Set(['dag', 'job', 'lease', 'executor', 'evidence', 'tenant', 'dagId', 'class', 'session']);

/** Writes turns the way that a reader of a history would tell them: inputs flush left, what they caused below. */
export class Transcript {
  readonly lines: string[] = [];

  constructor(
    private readonly state: State,
    private readonly specs: ReadonlyMap<number, SubmitDag>,
  ) {}

  add(at: number, entries: readonly AnyEntry[]): void {
    if (entries.length === 0) return;
    this.lines.push(`-- ${at}`);
    for (const entry of entries) this.lines.push(this.line(entry));
  }

  line(entry: AnyEntry): string {
    const body = entry.body as unknown as Record<string, unknown>;
    if ('envelope' in entry) {
      const shown = entry.code === Code.SubmitDag ? withoutDefaults(body) : body;
      return [`> ${nameOf(entry.code)}`, ...this.subject(body), ...this.rest(shown)].join(' ');
    }
    const words = [...this.subject(body), ...this.rest(this.short(entry.code, body))];
    return ['  ', nameOf(entry.code), ' ', words.join(' ')].join('').trimEnd();
  }

  /** Leaves out what only a machine wants to know. */
  private short(code: number, body: Record<string, unknown>): Record<string, unknown> {
    const shown = { ...body };
    if (code === Code.DagAccepted) return { held: body['held'] };
    if (code === Code.DagForgotten) return { from: body['from'], to: body['to'], last: body['last'] };
    if (code === Code.JobReadied && body['deadline'] === null) return {};
    if (code === Code.JobsFannedOut) return { count: body['count'], from: body['from'], to: body['to'] };
    if (code === Code.InputRefused) return { code: body['code'] };
    if (code === Code.JobDispatched) return { token: body['token'] };
    return shown;
  }

  private subject(body: Record<string, unknown>): string[] {
    const words: string[] = [];
    const lease = body['lease'] as { dag: number; job: number; token: number } | undefined;
    if (lease !== undefined) words.push(this.job(lease.dag, lease.job), `token ${lease.token}`);
    const { dag, job, dagId, executor } = body;
    if (typeof dagId === 'string') words.push(typeof job === 'string' ? `${dagId}/${job}` : dagId);
    else if (typeof dag === 'number' && dag > 0) {
      words.push(typeof job === 'number' && job >= 0 ? this.job(dag, job) : this.dag(dag));
    }
    if (typeof executor === 'string') words.push(executor);
    else if (typeof executor === 'number') words.push(this.executor(executor));
    return words;
  }

  private rest(body: Record<string, unknown>): string[] {
    return Object.entries(body)
      .filter(([name, value]) => !HIDDEN.has(name) && !isDull(name, value))
      .map(([name, value]) => (value === true ? name : `${name} ${text(value)}`));
  }

  private dag(seq: number): string {
    return this.specs.get(seq)?.dagId ?? `dag ${seq}`;
  }

  private job(seq: number, index: number): string {
    const spec = this.specs.get(seq);
    if (spec === undefined) return `dag ${seq}/${index}`;
    const own = spec.jobs[index];
    if (own !== undefined) return `${spec.dagId}/${own.id}`;
    const { fans } = this.state;
    for (let job = 0; job < spec.jobs.length; job++) {
      const fan = fans.find(seq, job);
      const place = index - fans.c.base[fan]!;
      if (fan !== 0 && place >= 0 && place < fans.c.room[fan]!) return `${spec.dagId}/${spec.jobs[job]!.id}[${place}]`;
    }
    return `${spec.dagId}/${index}`;
  }

  private executor(seq: number): string {
    const { executors } = this.state;
    return executors.c.id[executors.find(seq)] || `executor ${seq}`;
  }
}

/** What a submission says beyond what it would say anyway. */
function withoutDefaults(body: Record<string, unknown>): Record<string, unknown> {
  const usual: Record<string, unknown> = { priority: 0, onHardDeadline: 'fail', failurePolicy: 'fail_fast' };
  return Object.fromEntries(Object.entries(body).filter(([name, value]) => usual[name] !== value));
}

/** Values at their default, and the parts of inputs that a scenario fills in for form's sake. */
function isDull(name: string, value: unknown): boolean {
  if (value === null || value === undefined || value === false || value === '' || value === -1) return true;
  if (Array.isArray(value) && value.length === 0) return true;
  return ['idempotencyKey', 'name', 'incarnation', 'sessionMs', 'group', 'executorClass', 'message', 'jobs'].includes(
    name,
  );
}

function text(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString();
  if (Array.isArray(value)) return `[${value.map(text).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const parts = Object.entries(value).map(([name, part]) => `${name} ${text(part)}`);
  return `{${parts.join(', ')}}`;
}

/** Name of a job's reason. */
