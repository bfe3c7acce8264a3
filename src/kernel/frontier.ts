import { DagState, JobState } from '../catalogue/generated/codes.js';
import { shapeOf } from './evolve/flows.js';
import { byRank, FlowHeads } from './flow-heads.js';
import { DEFAULT_POLICY } from './limits.js';
import { policyFactory } from './policy/index.js';
import type { Policy } from './policy/policy.js';
import type { State } from './state.js';

/** Ready jobs by flow, and the policy that chooses among the flows that compete: those of open, unpaused DAGs. */
export class Frontier {
  readonly heads: FlowHeads;
  policy: Policy;

  constructor(private readonly state: State) {
    this.heads = new FlowHeads(state, byRank(state));
    this.policy = this.makePolicy();
  }

  /** The policy that the cell's row names. */
  private makePolicy(): Policy {
    const { cell, cellRow } = this.state;
    const id = cell.c.policy[cellRow] || DEFAULT_POLICY;
    const factory = policyFactory(id);
    if (factory === null) throw new Error(`assertion failed: unknown-policy: ${id}`);
    return factory({ state: this.state, heads: this.heads });
  }

  /** Another policy is in force: it is told all that there is. */
  switchPolicy(): void {
    const { jobs, flows, dags } = this.state;
    this.policy = this.makePolicy();
    for (let job = 1; job < jobs.high; job++) {
      if (jobs.isLive(job) && jobs.c.state[job] === JobState.ready) this.policy.jobAdded(job, this.heads.flow(job));
    }
    for (let flow = 1; flow < flows.high; flow++) {
      const dag = flows.isLive(flow) && this.heads.head(flow) !== 0 ? dags.find(flows.keyA[flow]!) : 0;
      if (dag !== 0 && this.competes(dag)) this.policy.flowStarted(flow, dag);
    }
  }

  private competes(dag: number): boolean {
    const { dags } = this.state;
    return dags.c.state[dag] === DagState.open && dags.c.paused[dag] === 0;
  }

  /** A job has become ready; gives its flow. */
  addJob(dag: number, job: number): number {
    const { flows, jobs, dags } = this.state;
    const flow = flows.find(dags.keyA[dag]!, jobs.c.class[job]! * 4 + shapeOf(jobs.c.flags[job]!));
    const isFirst = this.heads.head(flow) === 0;
    this.heads.add(flow, job);
    this.policy.jobAdded(job, flow);
    if (isFirst && this.competes(dag)) this.policy.flowStarted(flow, dag);
    return flow;
  }

  /** Takes a job out; nothing happens when it is not there (any more). */
  removeJob(job: number): void {
    const flow = this.heads.remove(job);
    if (flow === 0) return;
    this.policy.jobRemoved(job, flow);
    if (this.heads.head(flow) === 0) this.policy.flowEnded(flow);
  }

  /** The DAG's flows no longer compete; their jobs stay in their flows. */
  withdraw(dag: number): void {
    this.eachFlow(dag, (flow) => this.policy.flowEnded(flow));
  }

  /** The DAG's flows compete, if it is open and not paused. */
  enter(dag: number): void {
    if (this.competes(dag)) this.eachFlow(dag, (flow) => this.policy.flowStarted(flow, dag));
  }

  /** Calls back with each flow of a DAG that has ready jobs, in the order of classes and shapes. */
  eachFlow(dag: number, each: (flow: number) => void): void {
    const { flows, dags, cell, cellRow } = this.state;
    const end = (cell.c.nextClass[cellRow]! + 1) * 4;
    for (let list = 4; list < end; list++) {
      const flow = flows.find(dags.keyA[dag]!, list);
      if (flow !== 0 && this.heads.head(flow) !== 0) each(flow);
    }
  }
}
