import { DAG_STATE_NAMES, JOB_STATE_NAMES, JobState, LeaseState } from '../catalogue/generated/codes.js';
import type { LeaseRef, SubmitDag } from '../catalogue/generated/types.js';
import type { EmbeddedInbox } from '../inbox/embedded.js';
import { IdKind, seqOf } from '../kernel/fold.js';
import type { Kernel } from '../kernel/kernel.js';
import { ExecutorState, JobFlag, REASONS } from '../kernel/tables.js';
import type { ColdRows } from './cold.js';
import { resolveDispatches } from './dispatch-view.js';
import type { Leader } from './leader.js';
import type { Materializer } from './materializer.js';
import type { CellView, ClassView, DagView, DispatchView, ExecutorView, JobView, OutputView, Views } from './views.js';

/** Jobs of a DAG that a read brings into memory. */
interface FoldParts {
  readonly cell: string;
  readonly kernel: Kernel;
  readonly cold: ColdRows;
  readonly materializer: Materializer;
  readonly leader: Leader;
  readonly inbox: EmbeddedInbox;
}

/** Reads of the local fold, as it stands after the last computed turn. */
export class FoldViews implements Views {
  constructor(private readonly parts: FoldParts) {}

  cell(): CellView {
    const { state, indexes } = this.parts.kernel;
    const { openDags, knownJobs } = state.cell.c;
    return {
      cell: this.parts.cell,
      turn: this.parts.leader.turn,
      atMs: this.parts.leader.atMs,
      epoch: this.parts.leader.epoch,
      policy: this.parts.kernel.policy(),
      stateHash: Buffer.from(state.hash.toBytes()).toString('hex'),
      openDags: openDags[state.cellRow]!,
      knownJobs: knownJobs[state.cellRow]!,
      readyJobs: indexes.heads.size,
      inboxWaiting: this.parts.inbox.waiting,
    };
  }

  classes(): readonly ClassView[] {
    const { state, indexes } = this.parts.kernel;
    const { classes, cell, cellRow } = state;
    const { c } = classes;
    const found: ClassView[] = [];
    for (let seq = 1; seq <= cell.c.nextClass[cellRow]!; seq++) {
      const row = classes.find(seq);
      const count = Math.min(256, c.occupancyCount[row]!);
      found.push({
        group: c.group[row]!,
        executorClass: c.name[row]!,
        executors: c.executors[row]!,
        slotsAdvertised: c.slots[row]!,
        slotsReserved: c.reserved[row]!,
        slotsReclaiming: c.reclaiming[row]!,
        slotsFree: indexes.placement.free(seq),
        ready: c.ready[row]!,
        meanOccupancyMs: count === 0 ? null : Math.floor(c.occupancySum[row]! / count),
      });
    }
    return found;
  }

  executors(): readonly ExecutorView[] {
    const { executors, classes, cell, cellRow } = this.parts.kernel.state;
    const { c } = executors;
    const found: ExecutorView[] = [];
    for (let seq = 1; seq <= cell.c.nextExecutor[cellRow]!; seq++) {
      const row = executors.find(seq);
      const cls = classes.find(c.class[row]!);
      const isLive = c.state[row] === ExecutorState.live;
      const liveState = c.draining[row] !== 0 ? 'draining' : c.cordoned[row] !== 0 ? 'cordoned' : 'live';
      found.push({
        executor: c.id[row]!,
        seq,
        incarnation: c.incarnation[row]!,
        group: classes.c.group[cls]!,
        executorClass: classes.c.name[cls]!,
        state: isLive ? liveState : c.state[row] === ExecutorState.lost ? 'lost' : 'left',
        slots: c.slots[row]!,
        slotsReserved: c.reserved[row]! + c.reclaiming[row]!,
        sessionUntilMs: c.untilMs[row]!,
      });
    }
    return found;
  }

  executor(id: string): { seq: number; incarnation: string; live: boolean } | null {
    const { state } = this.parts.kernel;
    const { executors } = state;
    const seq = seqOf(state, IdKind.executor, '', id);
    if (seq === 0) return null;
    const row = executors.find(seq);
    return { seq, incarnation: executors.c.incarnation[row]!, live: executors.c.state[row] === ExecutorState.live };
  }

  async dag(tenant: string, dagId: string): Promise<DagView | null> {
    const { state } = this.parts.kernel;
    const seq = seqOf(state, IdKind.dag, tenant, dagId);
    if (seq === 0) return null;
    const spec = await this.#bring(seq);
    return spec === null ? null : this.#dagView(seq, spec);
  }

  #dagView(seq: number, spec: SubmitDag): DagView {
    const { dags } = this.parts.kernel.state;
    const { c } = dags;
    const dag = dags.find(seq);
    const time = (ms: number): number | null => (ms === 0 ? null : ms);
    return {
      dagId: spec.dagId,
      dag: seq,
      tenant: spec.tenant,
      name: spec.name,
      state: kebab(DAG_STATE_NAMES.get(c.state[dag]!)!),
      paused: c.paused[dag] !== 0,
      run: c.run[dag]!,
      priority: c.priority[dag]!,
      deadlineAtMs: time(c.deadlineAtMs[dag]!),
      hardDeadlineAtMs: time(c.hardDeadlineAtMs[dag]!),
      labels: spec.labels,
      acceptedAtMs: c.acceptedAtMs[dag]!,
      startedAtMs: time(c.startedAtMs[dag]!),
      endedAtMs: time(c.endedAtMs[dag]!),
      code: c.code[dag] || null,
      jobsTotal: c.jobsTotal[dag]!,
      jobsLeft: c.jobsLeft[dag]!,
      turn: this.parts.leader.turn,
    };
  }

  async jobs(seq: number, from: number, limit: number, children: boolean): Promise<readonly JobView[]> {
    const spec = await this.#bring(seq);
    if (spec === null) return [];
    const { dags } = this.parts.kernel.state;
    const dag = dags.find(seq);
    const total = children ? dags.c.jobsTotal[dag]! : spec.jobs.length;
    const found: JobView[] = [];
    for (let index = from; index < total && found.length < limit; index++) {
      const view = this.#jobView(dag, index, spec);
      if (view !== null) found.push(view);
    }
    return found;
  }

  #jobView(dag: number, index: number, spec: SubmitDag): JobView | null {
    const { jobs, space, fans, dags } = this.parts.kernel.state;
    const { c } = jobs;
    const job = space.handle(dag, index);
    if (job === 0) return null;
    const parent = c.parent[job]! - 1;
    const jobSpec = spec.jobs[parent < 0 ? index : parent]!;
    const child = parent < 0 ? null : index - fans.c.base[fans.find(dags.keyA[dag]!, parent)]!;
    const state = c.state[job]!;
    const wasDispatched = c.attempt[job]! > 0 && state >= JobState.dispatched;
    const hasEnded = state >= JobState.succeeded;
    const readyAtMs = c.readyAtMs[job] === 0 ? null : c.readyAtMs[job]!;
    const dispatchedAtMs = wasDispatched && readyAtMs !== null ? readyAtMs + c.waitMs[job]! : null;
    const isFan = (c.flags[job]! & JobFlag.fanOut) !== 0;
    return {
      job: child === null ? jobSpec.id : `${jobSpec.id}[${child}]`,
      index,
      parent: parent < 0 ? null : jobSpec.id,
      child,
      kind: jobSpec.kind,
      executorClass: jobSpec.executorClass,
      state: kebab(JOB_STATE_NAMES.get(state)!),
      attempt: c.attempt[job]!,
      reason: REASONS[c.reason[job]!] || null,
      permille: c.permille[job]!,
      readyAtMs,
      dispatchedAtMs,
      endedAtMs: hasEnded && dispatchedAtMs !== null ? dispatchedAtMs + c.runMs[job]! : null,
      children: isFan ? this.#childrenOf(dag, index) : null,
    };
  }

  #childrenOf(dag: number, index: number): Record<string, number> {
    const { jobs, space, fans, dags } = this.parts.kernel.state;
    const fan = fans.find(dags.keyA[dag]!, index);
    const counts: Record<string, number> = {};
    if (fan === 0) return counts;
    const base = fans.c.base[fan]!;
    for (let i = 0; i < fans.c.made[fan]!; i++) {
      const name = kebab(JOB_STATE_NAMES.get(jobs.c.state[space.handle(dag, base + i)]!)!);
      counts[name] = (counts[name] ?? 0) + 1;
    }
    const unmade = fans.c.count[fan]! - fans.c.made[fan]!;
    if (unmade > 0) counts['waiting'] = (counts['waiting'] ?? 0) + unmade;
    return counts;
  }

  async collection(
    seq: number,
    job: string,
    from: number,
    limit: number,
  ): Promise<readonly { readonly index: number; readonly state: string; readonly output: OutputView }[]> {
    const spec = await this.#bring(seq);
    if (spec === null) return [];
    const { dags, fans, jobs, space } = this.parts.kernel.state;
    const dag = dags.find(seq);
    const index = spec.jobs.findIndex((candidate) => candidate.id === job);
    const fan = index < 0 ? 0 : fans.find(seq, index);
    if (fan === 0) return [];
    const base = fans.c.base[fan]!;
    const to = Math.min(fans.c.made[fan]!, from + limit);
    const wanted: { dag: number; job: number; attempt: number; state: number; isStored: boolean }[] = [];
    for (let i = from; i < to; i++) {
      const child = space.handle(dag, base + i);
      const isStored = (jobs.c.flags[child]! & JobFlag.hasOutput) !== 0;
      wanted.push({ dag: seq, job: base + i, attempt: jobs.c.attempt[child]!, state: jobs.c.state[child]!, isStored });
    }
    await this.parts.cold.fetchOutputs(wanted.filter(({ state, isStored }) => state === JobState.succeeded && isStored));
    return wanted.map(({ job: at, attempt, state, isStored }) => {
      const stored = isStored ? viewOf(this.parts.cold.knownOutput(seq, at, attempt) ?? null) : { json: 'null' };
      return {
        index: at - base,
        state: kebab(JOB_STATE_NAMES.get(state)!),
        output: state === JobState.succeeded ? stored : null,
      };
    });
  }

  async output(seq: number, name: string): Promise<OutputView> {
    const spec = await this.#bring(seq);
    if (spec === null) return null;
    const { dags, fans, jobs, space } = this.parts.kernel.state;
    const child = /^(.*)\[(\d{1,6})\]$/.exec(name);
    const parent = spec.jobs.findIndex((candidate) => candidate.id === (child === null ? name : child[1]));
    if (parent < 0) return null;
    const fan = child === null ? 0 : fans.find(seq, parent);
    const index = child === null ? parent : fans.c.base[fan]! + Number(child[2]);
    const job = space.handle(dags.find(seq), index);
    if (job === 0 || jobs.c.state[job] !== JobState.succeeded) return null;
    if ((jobs.c.flags[job]! & JobFlag.hasOutput) === 0) return { json: 'null' };
    return viewOf(await this.parts.cold.fetchOutput(seq, index, jobs.c.attempt[job]!));
  }

  dispatches(tokens: readonly number[]): Promise<readonly (DispatchView | null)[]> {
    const { cell, cold, kernel } = this.parts;
    return resolveDispatches({ cell, state: kernel.state, cold }, tokens);
  }

  unacknowledged(executor: number): readonly number[] {
    const { leases } = this.parts.kernel.state;
    return this.parts.kernel.indexes.tokensOf(executor).filter((token) => {
      const lease = leases.find(token);
      return leases.c.state[lease] === LeaseState.inForce && leases.c.acknowledged[lease] === 0;
    });
  }

  stopping(executor: number): readonly number[] {
    const { leases } = this.parts.kernel.state;
    return this.parts.kernel.indexes
      .tokensOf(executor)
      .filter((token) => leases.c.state[leases.find(token)] === LeaseState.reclaiming);
  }

  /** Name of a DAG that is known by its sequence number; null when it was forgotten. */
  async nameOf(seq: number): Promise<{ tenant: string; dagId: string } | null> {
    const known = this.parts.cold.knownSpec(seq);
    if (known !== null) return { tenant: known.tenant, dagId: known.dagId };
    const spec = await this.#bring(seq);
    return spec === null ? null : { tenant: spec.tenant, dagId: spec.dagId };
  }

  /** The lease of a token that holds slots, with its executor; null when there is none. */
  leaseOf(token: number): (LeaseRef & { readonly executor: number }) | null {
    const { leases } = this.parts.kernel.state;
    const lease = leases.find(token);
    if (lease === 0 || leases.c.state[lease] === 0) return null;
    return {
      dag: leases.c.dag[lease]!,
      job: leases.c.job[lease]!,
      attempt: this.#attemptOf(lease),
      token,
      executor: leases.c.executor[lease]!,
    };
  }

  /** The attempt that a lease was granted for; 0 when its DAG is gone, or its job has another lease by now. */
  #attemptOf(lease: number): number {
    const { leases, dags, jobs, space } = this.parts.kernel.state;
    const job = space.handle(dags.find(leases.c.dag[lease]!), leases.c.job[lease]!);
    return job !== 0 && jobs.c.token[job] === leases.keyA[lease] ? jobs.c.attempt[job]! : 0;
  }

  /** Brings a DAG that has ended into memory; null when there is no such DAG. */
  async #bring(seq: number): Promise<SubmitDag | null> {
    const { kernel, materializer, cold } = this.parts;
    if (kernel.state.dags.find(seq) === 0) await materializer.load([seq]);
    if (kernel.state.dags.find(seq) === 0) return null;
    const spec = cold.knownSpec(seq) ?? (await cold.fetchSpec(seq));
    if (kernel.state.dags.find(seq) === 0) await materializer.load([seq]);
    return spec;
  }
}

function viewOf(output: { readonly json: Uint8Array | null; readonly blob: { uri: string; sha256: Uint8Array; bytes: number } | null } | null): OutputView {
  if (output === null) return null;
  if (output.blob !== null) {
    const { uri, sha256, bytes } = output.blob;
    return { blob: { uri, sha256: Buffer.from(sha256).toString('hex'), bytes } };
  }
  return output.json === null ? null : { json: Buffer.from(output.json).toString() };
}

/** camelCase to kebab-case. */
function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

