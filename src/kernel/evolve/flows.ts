/**
 * Rows of the frontier: flows, and the tags of tenants in a class and priority (policy.md, sections 1 and 2). They are
 * kept whatever the policy, so that a switch finds them right.
 */
import { DagState, Shape } from '../../catalogue/generated/codes.js';
import type { Fold } from '../fold.js';
import { slotsOf, tagKey } from '../fold.js';
import { MAX_COST } from '../limits.js';
import { JobFlag } from '../tables.js';

/** The shape under which a job stands in the frontier. */
export function shapeOf(flags: number): number {
  if ((flags & JobFlag.wide) !== 0) return Shape.wide;
  return (flags & JobFlag.long) !== 0 ? Shape.long : Shape.short;
}

/** Slot-ms that a job is charged: its estimate on all its slots, cut off at `MAX_COST`. */
export function costOf(estimateMs: number, slots: number): number {
  return Math.min(MAX_COST, estimateMs * slots);
}

/** Whether the DAG's flows compete: it is open and not paused. */
export function competes(fold: Fold, dag: number): boolean {
  const { dags } = fold.state;
  return dags.c.state[dag] === DagState.open && dags.c.paused[dag] === 0;
}

/** A ready job enters its flow; the flow starts with its first job. */
export function enterFlow(fold: Fold, dag: number, job: number, shape: number): void {
  const { state } = fold;
  const { flows, jobs, dags } = state;
  const classSeq = jobs.c.class[job]!;
  const flow = state.row(flows, dags.keyA[dag]!, classSeq * 4 + shape);
  if (flows.c.ready[flow] === 0) {
    state.set(flows, flow, flows.f.flowSeq, state.next('nextFlow'));
    if (competes(fold, dag)) backlog(fold, classSeq, dags.c.priority[dag]!, dags.c.tenant[dag]!);
  }
  state.add(flows, flow, flows.f.ready, 1);
  state.add(flows, flow, flows.f.work, costOf(jobs.c.estimateMs[job]!, slotsOf(state, job)));
}

/** A job leaves its flow, dispatched or ended; the flow ends with its last job. Gives the flow's row, 0 when it ended. */
export function leaveFlow(fold: Fold, dag: number, job: number): number {
  const { state } = fold;
  const { flows, jobs, dags } = state;
  const classSeq = jobs.c.class[job]!;
  const flow = flows.find(dags.keyA[dag]!, classSeq * 4 + shapeOf(jobs.c.flags[job]!));
  state.add(flows, flow, flows.f.work, -costOf(jobs.c.estimateMs[job]!, slotsOf(state, job)));
  if (state.add(flows, flow, flows.f.ready, -1) > 0) return flow;
  state.clear(flows, flow);
  if (competes(fold, dag)) idle(fold, classSeq, dags.c.priority[dag]!, dags.c.tenant[dag]!);
  return 0;
}

/** A flow of the tenant competes in the class and priority: a tenant that becomes backlogged starts at max(tag, V). */
export function backlog(fold: Fold, classSeq: number, priority: number, tenant: number): void {
  const { state } = fold;
  const { tags, virtuals } = state;
  const key = tagKey(classSeq, priority);
  const tag = state.row(tags, key, tenant);
  const virtual = state.row(virtuals, key, 0);
  if (tags.c.flows[tag] === 0) {
    if (tags.c.leases[tag] === 0) state.add(virtuals, virtual, virtuals.f.busy, 1);
    const v = virtuals.c.v[virtual]!;
    if (tags.c.tag[tag]! < v) state.set(tags, tag, tags.f.tag, v);
  }
  state.add(tags, tag, tags.f.flows, 1);
}

/** A flow of the tenant no longer competes there. */
export function idle(fold: Fold, classSeq: number, priority: number, tenant: number): void {
  const { state } = fold;
  const { tags } = state;
  const tag = tags.find(tagKey(classSeq, priority), tenant);
  state.add(tags, tag, tags.f.flows, -1);
  dropIdleTag(fold, tag);
}

/** Charges a dispatch: the tenant's tag grows by cost / weight, what the division leaves stays in the row. */
export function charge(fold: Fold, classSeq: number, priority: number, tenant: number, cost: number, weight: number, regular: boolean): void {
  const { state } = fold;
  const { tags, virtuals } = state;
  const key = tagKey(classSeq, priority);
  const tag = state.row(tags, key, tenant);
  const virtual = state.row(virtuals, key, 0);
  if (tags.c.flows[tag] === 0 && tags.c.leases[tag] === 0) state.add(virtuals, virtual, virtuals.f.busy, 1);
  if (regular && virtuals.c.v[virtual]! < tags.c.tag[tag]!) state.set(virtuals, virtual, virtuals.f.v, tags.c.tag[tag]!);
  const sum = tags.c.rem[tag]! + cost;
  const grown = Math.floor(sum / weight);
  state.set(tags, tag, tags.f.tag, tags.c.tag[tag]! + grown);
  state.set(tags, tag, tags.f.rem, sum - grown * weight);
  state.add(tags, tag, tags.f.leases, 1);
}

/** Corrects a charge by what was really used: tag = max(V, tag + (actual - cost) / weight). */
export function correct(fold: Fold, classSeq: number, priority: number, tenant: number, difference: number, weight: number): void {
  const { state } = fold;
  const { tags, virtuals } = state;
  const key = tagKey(classSeq, priority);
  const tag = tags.find(key, tenant);
  const sum = tags.c.rem[tag]! + difference;
  const moved = Math.floor(sum / weight);
  const virtual = virtuals.find(key, 0);
  state.set(tags, tag, tags.f.tag, Math.max(virtuals.c.v[virtual]!, tags.c.tag[tag]! + moved));
  state.set(tags, tag, tags.f.rem, sum - moved * weight);
  state.add(tags, tag, tags.f.leases, -1);
  dropIdleTag(fold, tag);
}

/** A tag row without ready jobs and leases, and with tag <= V, equals no row. */
function dropIdleTag(fold: Fold, tag: number): void {
  const { state } = fold;
  const { tags, virtuals } = state;
  if (tags.c.flows[tag] !== 0 || tags.c.leases[tag] !== 0) return;
  const virtual = virtuals.find(tags.keyA[tag]!, 0);
  state.add(virtuals, virtual, virtuals.f.busy, -1);
  if (tags.c.tag[tag]! <= virtuals.c.v[virtual]!) state.clear(tags, tag);
}
