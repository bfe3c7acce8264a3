/** Why a job isn't running, in the words of those who ask: the kernel's answer with names in place of numbers. */
import type { AheadView, ExplainView, WhyView } from '../../answers/types.js';
import { childNamed } from '../../catalogue/child-name.js';
import { JobState } from '../../catalogue/generated/codes.js';
import type { SubmitDag } from '../../catalogue/generated/types.js';
import { type Ahead, type Blocked, explain, type JobRef, type Scene } from '../../kernel/explain/index.js';
import type { Indexes } from '../../kernel/indexes/indexes.js';
import { indexOfJob } from '../../kernel/job-names.js';
import { fieldName, fieldValue } from './evidence.js';
import { indexOfName, jobStateName, jobView } from './jobs.js';
import { type ReadParts, readDag } from './read-dag.js';

/** Where the fold stands, with indexes that are up to date. */
export interface ExplainMoment {
  readonly indexes: Indexes;
  readonly policy: string;
  readonly atMs: number;
  readonly turn: number;
}

/** What is explained from. `now` is asked when the rows are looked at: turns pass while a DAG is brought into memory. */
export interface ExplainParts extends ReadParts {
  readonly now: () => ExplainMoment;
}

type Explained = Pick<ExplainView, 'state' | 'why' | 'policy' | 'atMs' | 'turn'>;

/** What the kernel says, and the job's state. */
interface Found {
  readonly state: string;
  readonly blocked: Blocked | null;
  readonly signal: string;
  readonly spec: SubmitDag;
}

/** State of a job by its name and why it isn't running, as of one turn; null when the DAG has none of this name. */
export async function explainJob(parts: ExplainParts, dagSeq: number, name: string): Promise<Explained | null> {
  const found = await readDag(parts, dagSeq, (spec, dag) => {
    const { indexes, policy, atMs, turn } = parts.now();
    const job = find({ state: parts.state, indexes, at: atMs }, dag, spec, name);
    return job === null ? null : { job, policy, atMs, turn };
  });
  if (found === null) return null;
  const { job, ...moment } = found;
  return { ...moment, state: job.state, why: job.blocked === null ? null : await named(parts, job, job.blocked) };
}

function find(scene: Scene, dag: number, spec: SubmitDag, name: string): Found | null {
  const { state } = scene;
  const { jobs, space } = state;
  const index = indexOfName(state, dag, spec, name);
  if (index < 0) return findUnmade(scene, dag, spec, name);
  const job = space.handle(dag, index);
  const parent = jobs.c.parent[job]! - 1;
  const own = spec.jobs[parent < 0 ? index : parent]!;
  return {
    state: jobStateName(jobs.c.state[job]!),
    blocked: explain(scene, dag, job, parent < 0 ? upstreamsOf(spec, index) : []),
    signal: own.signalName ?? own.id,
    spec,
  };
}

function upstreamsOf({ jobs }: SubmitDag, index: number): readonly number[] {
  return jobs[index]!.after.map((id) => indexOfJob(jobs, id));
}

/** A child that its fan-out has not made yet, and may make: it waits for what that waits for, or for the next turns. */
function findUnmade(scene: Scene, dag: number, spec: SubmitDag, name: string): Found | null {
  const { jobs, space, fans, dags } = scene.state;
  const child = childNamed(name);
  const index = child === null ? -1 : indexOfJob(spec.jobs, child.fanOut);
  const fan = spec.jobs[index]?.fanOut ?? null;
  const job = fan === null ? 0 : space.handle(dag, index);
  if (child === null || fan === null || job === 0 || jobs.c.state[job]! >= JobState.succeeded) return null;
  // Before it fans out, a row of an earlier run may say how many there were then.
  const isOut = jobs.c.state[job] === JobState.fannedOut;
  const count = isOut ? fans.c.count[fans.find(dags.keyA[dag]!, index)]! : fan.count;
  if (count !== null && child.place >= count) return null;
  const found = explain(scene, dag, job, upstreamsOf(spec, index));
  const blocked: Blocked | null = found?.reason === 'waiting-for-fan-out' ? { reason: 'turn-full' } : found;
  return { state: 'waiting', blocked, signal: '', spec };
}

async function named(parts: ReadParts, { signal, spec }: Found, blocked: Blocked): Promise<WhyView> {
  const executor = (seq: number) => parts.state.executors.c.id[parts.state.executors.find(seq)] ?? '';
  switch (blocked.reason) {
    case 'waiting-for':
      return { ...blocked, jobs: blocked.jobs.map((index) => spec.jobs[index]!.id) };
    case 'no-executor-in-class': {
      const { group, executorClass } = classOf(parts, blocked.class);
      const otherGroups = blocked.elsewhere.map((seq) => classOf(parts, seq).group);
      return { reason: blocked.reason, group, executorClass, otherGroups };
    }
    case 'waiting-for-signal':
      return { ...blocked, name: signal };
    case 'lease-in-force':
    case 'waiting-for-reservation':
    case 'slot-reclaiming':
      return { ...blocked, executor: executor(blocked.executor) };
    case 'reserved-for-wide': {
      const { reason, endsInTime } = blocked;
      const names = await nameOfJob(parts, blocked.job);
      const ahead = await aheadView(parts, blocked.ahead);
      return { reason, executor: executor(blocked.executor), ...names, endsInTime, ahead };
    }
    case 'rate-limited': {
      const { reason, untilMs, units } = blocked;
      return { reason, untilMs, units, ...(await nameOfJob(parts, blocked.job)) };
    }
    case 'no-free-slot': {
      const { reason, slots, widest } = blocked;
      return { reason, ahead: await aheadView(parts, blocked.ahead), slots, widest };
    }
    default:
      return blocked;
  }
}

async function aheadView(parts: ReadParts, ahead: Ahead | null): Promise<AheadView | null> {
  if (ahead === null) return null;
  const { field } = ahead;
  const [value, own] = [fieldValue(field, ahead.value), fieldValue(field, ahead.own)];
  return { ...(await nameOfJob(parts, ahead)), field: fieldName(field), value, own };
}

function classOf({ state: { classes } }: ReadParts, seq: number) {
  const row = classes.find(seq);
  return { group: classes.c.group[row]!, executorClass: classes.c.name[row]! };
}

/** Tenant, DAG and job by their names; empty for a DAG that has been forgotten meanwhile. */
async function nameOfJob(parts: ReadParts, { dag, job }: JobRef) {
  const read = await readDag(parts, dag, (spec, row) => ({
    tenant: spec.tenant,
    dagId: spec.dagId,
    job: jobView(parts.state, row, job, spec)?.job ?? '',
  }));
  return read ?? { tenant: '', dagId: '', job: '' };
}
