import { JobState, Shape } from '../../catalogue/generated/codes.js';
import { competes, shapeOf } from '../evolve/flows.js';
import { DEFAULT_POLICY } from '../limits.js';
import { policyFactory } from '../policy/index.js';
import type { Policy, PolicyView } from '../policy/policy.js';
import { flowKey } from '../rows/keys.js';
import { FLOW_STRIDE, rowOfDag } from '../rows/shapes.js';
import type { State } from '../rows/state.js';
import { doubled } from '../structures/grow.js';
import { Records } from '../structures/records.js';
import { FlowHeads } from './flow-heads.js';

/** Ready jobs by flow, and the policy that chooses among the flows that compete: those of open, unpaused DAGs. */
export class Frontier implements PolicyView {
  readonly heads: FlowHeads;
  /** Who is told what happens; null after another policy came into force, until somebody asks for it. */
  told: Policy | null;
  /** Flows with ready jobs, chained by their DAG: the first one of a DAG, and of each flow the one after and before. */
  private firstOf = new Int32Array(256);
  private after = new Int32Array(0);
  private beforeIt = new Int32Array(0);
  dagOf: Int32Array = new Int32Array(0);
  private readonly records = new Records(FLOW_STRIDE, 256);

  constructor(readonly state: State) {
    this.records.add('i32', (view) => {
      this.after = view as Int32Array<ArrayBuffer>;
    });
    this.records.add('i32', (view) => {
      this.beforeIt = view as Int32Array<ArrayBuffer>;
    });
    this.records.add('i32', (view) => {
      this.dagOf = view as Int32Array;
    });
    this.heads = new FlowHeads(state);
    this.told = this.makePolicy();
  }

  private policyId(): string {
    return this.state.cell.c.policy[this.state.cellRow] || DEFAULT_POLICY;
  }

  /** The policy that the cell's row names. */
  private makePolicy(): Policy {
    const id = this.policyId();
    const factory = policyFactory(id);
    if (factory === null) throw new Error(`assertion failed: unknown-policy: ${id}`);
    return factory(this);
  }

  /** Another policy may be in force now. It is made when it is asked for: a turn may have thousands of such changes. */
  policyChanged(): void {
    if (this.policyId() !== this.told?.id) this.told = null;
  }

  /** The policy in force. */
  get policy(): Policy {
    this.told ??= this.madeOfRows();
    return this.told;
  }

  /** The policy in force, told all that there is. */
  private madeOfRows(): Policy {
    const { jobs, flows, dags } = this.state;
    const policy = this.makePolicy();
    jobs.table.eachRow((job) => {
      if (jobs.c.state[job] === JobState.ready) policy.jobAdded(job, this.heads.flow(job));
    });
    flows.table.eachRow((flow) => {
      const dag = this.heads.head(flow) === 0 ? 0 : dags.find(flows.keyA[flow]!);
      if (dag !== 0 && competes(this, dag)) policy.flowStarted(flow, dag);
    });
    return policy;
  }

  /** A job has become ready; gives its flow. */
  addJob(dag: number, job: number): number {
    const { flows, jobs, dags } = this.state;
    const shape = shapeOf(jobs.c.flags[job]!);
    const flow = flows.find(dags.keyA[dag]!, flowKey(jobs.c.class[job]!, shape));
    const isFirst = this.heads.head(flow) === 0;
    this.heads.add(flow, job);
    if (isFirst) this.chain(dag, flow);
    this.told?.jobAdded(job, flow);
    if (!isFirst) {
      if (shape === Shape.wide && this.heads.head(flow) === job) this.told?.flowMoved(flow);
    } else if (competes(this, dag)) this.told?.flowStarted(flow, dag);
    return flow;
  }

  /** Takes a job out of its flow; a flow of 0: it is not there (any more). */
  removeJob(job: number, flow = this.heads.flow(job)): void {
    if (flow === 0) return;
    this.heads.remove(flow, job);
    this.told?.jobRemoved(job, flow);
    if (this.heads.head(flow) === 0) {
      this.told?.flowEnded(flow);
      this.unchain(this.dagOf[flow]!, flow);
    } else if (shapeOf(this.state.jobs.c.flags[job]!) === Shape.wide) this.told?.flowMoved(flow);
  }

  /** The DAG's flows no longer compete; their jobs stay in their flows. */
  withdraw(dag: number): void {
    this.eachFlow(dag, (flow) => this.told?.flowEnded(flow));
  }

  /** The DAG's flows compete, if it is open and not paused. */
  enter(dag: number): void {
    if (competes(this, dag)) this.eachFlow(dag, (flow) => this.told?.flowStarted(flow, dag));
  }

  /** Something by which the DAG's flows are ordered has changed. */
  moved(dag: number): void {
    this.eachFlow(dag, (flow) => this.told?.flowMoved(flow));
  }

  /** Calls back with each flow of a DAG that has ready jobs. */
  eachFlow(dag: number, each: (flow: number) => void): void {
    for (let flow = this.firstOf[rowOfDag(dag)] ?? 0; flow !== 0; flow = this.after[flow]!) each(flow);
  }

  private chain(dag: number, flow: number): void {
    const row = rowOfDag(dag);
    if (row >= this.firstOf.length) this.firstOf = doubled(this.firstOf, row + 1);
    if (flow >= this.records.capacity) this.records.grow(this.state.flows.table.capacity);
    const first = this.firstOf[row]!;
    this.dagOf[flow] = dag;
    this.after[flow] = first;
    this.beforeIt[flow] = 0;
    if (first !== 0) this.beforeIt[first] = flow;
    this.firstOf[row] = flow;
  }

  private unchain(dag: number, flow: number): void {
    const after = this.after[flow]!;
    const before = this.beforeIt[flow]!;
    if (before === 0) this.firstOf[rowOfDag(dag)] = after;
    else this.after[before] = after;
    if (after !== 0) this.beforeIt[after] = before;
    this.after[flow] = 0;
    this.beforeIt[flow] = 0;
  }
}
