/** What must hold of the rows at every turn (faults.md): each is counted anew, from rows that say the same otherwise. */
import { CursorKind, DagState, JobState, LeaseState, Shape } from '../../../src/catalogue/generated/codes.js';
import { fullOf } from '../../../src/kernel/buckets.js';
import { shapeOf } from '../../../src/kernel/evolve/flows.js';
import { isOfDag } from '../../../src/kernel/evolve/make-cursor.js';
import { slotsOf, tagKey } from '../../../src/kernel/fold.js';
import type { Rows } from '../../../src/kernel/rows.js';
import type { State } from '../../../src/kernel/state.js';
import type { Fields } from '../../../src/kernel/table.js';
import { ExecutorState } from '../../../src/kernel/tables.js';

/** Throws at the first row that is wrong. */
export function checkState(state: State): void {
  same('state hash', hexOf(state.recount()), hexOf(state.hash));
  checkRows(state);
}

/** The same for a state of which not all rows are in memory: terminal DAGs may have left. */
export function checkRows(state: State): void {
  checkLeases(state);
  checkDags(state);
  checkFrontier(state);
  checkCell(state);
}

function same(what: string, found: unknown, expected: unknown): void {
  if (found !== expected) throw new Error(`${what}: ${String(found)}, but it should be ${String(expected)}`);
}

function hexOf(hash: { toBytes(): Uint8Array }): string {
  return Buffer.from(hash.toBytes()).toString('hex');
}

/** Handles of the rows of a table that are rows. */
export function rowsOf<F extends Fields>(table: Rows<F>): number[] {
  const handles: number[] = [];
  for (let handle = 1; handle < table.high; handle++) {
    if (table.isLive(handle) && !table.isBlank(handle)) handles.push(handle);
  }
  return handles;
}

class Counts {
  private readonly counts = new Map<string, number>();

  add(key: string, amount = 1): void {
    this.counts.set(key, this.get(key) + amount);
  }

  get(key: string): number {
    return this.counts.get(key) ?? 0;
  }
}

/** I4, I5 and law 7: slots are conserved, per executor and class; one lease in force for each attempt. */
function checkLeases(state: State): void {
  const { leases, executors, classes, jobs, dags, space } = state;
  const used = new Counts();
  const perClass = new Counts();
  for (const lease of rowsOf(leases)) {
    const isInForce = leases.c.state[lease] === LeaseState.inForce;
    const field = isInForce ? 'reserved' : 'reclaiming';
    if (!isInForce) same('state of a lease between turns', leases.c.state[lease], LeaseState.reclaiming);
    const slots = leases.c.moreSlots[lease]! + 1;
    used.add(`${leases.c.executor[lease]} ${field}`, slots);
    const executor = executors.find(leases.c.executor[lease]!);
    if (executor === 0) throw new Error(`lease ${leases.keyA[lease]} has no executor`);
    perClass.add(`${executors.c.class[executor]} ${field}`, slots);
    if (leases.c.shape[lease] === Shape.long) perClass.add(`${executors.c.class[executor]} long`);
    if (!isInForce) continue;
    const job = space.handle(dags.find(leases.c.dag[lease]!), leases.c.job[lease]!);
    same('newest token of the job of a lease in force', jobs.c.token[job], leases.keyA[lease]);
    const jobState = jobs.c.state[job];
    if (jobState !== JobState.dispatched && jobState !== JobState.running)
      throw new Error(`job state ${jobState} under a lease`);
  }
  const advertised = new Counts();
  for (const executor of rowsOf(executors)) {
    const { c } = executors;
    const seq = executors.keyA[executor]!;
    same(`reserved slots of executor ${seq}`, c.reserved[executor], used.get(`${seq} reserved`));
    same(`reclaiming slots of executor ${seq}`, c.reclaiming[executor], used.get(`${seq} reclaiming`));
    if (c.state[executor] !== ExecutorState.live) continue;
    advertised.add(String(c.class[executor]), Math.max(0, c.slots[executor]! - c.withdrawn[executor]!));
    advertised.add(`${c.class[executor]} executors`);
  }
  for (const cls of rowsOf(classes)) {
    const seq = classes.keyA[cls]!;
    same(`reserved slots of class ${seq}`, classes.c.reserved[cls], perClass.get(`${seq} reserved`));
    same(`reclaiming slots of class ${seq}`, classes.c.reclaiming[cls], perClass.get(`${seq} reclaiming`));
    same(`slots of class ${seq}`, classes.c.slots[cls], advertised.get(String(seq)));
    same(`executors of class ${seq}`, classes.c.executors[cls], advertised.get(`${seq} executors`));
    same(`long jobs running in class ${seq}`, classes.c.longRunning[cls], perClass.get(`${seq} long`));
    checkReservation(state, cls);
    checkBuckets(state, cls);
  }
}

/** A class has the buckets that it counts, and none holds more than it can. */
function checkBuckets(state: State, cls: number): void {
  const { buckets, classes } = state;
  const seq = classes.keyA[cls]!;
  const found = rowsOf(buckets).filter((bucket) => buckets.keyA[bucket] === seq);
  same(`buckets of class ${seq}`, classes.c.buckets[cls], found.length);
  for (const bucket of found) {
    const level = buckets.c.level[bucket]!;
    if (!Number.isSafeInteger(level) || level > fullOf(state, bucket)) throw new Error(`a bucket at ${level}`);
  }
}

/** A reservation is for a job of several slots, on an executor of the class, and all of it or nothing is there. */
function checkReservation(state: State, cls: number): void {
  const { classes, executors, dags, space } = state;
  const { reservedDag, reservedJob, reservedExecutor } = classes.c;
  if (reservedExecutor[cls] === 0) return same('DAG of no reservation', reservedDag[cls], 0);
  const dag = dags.find(reservedDag[cls]!);
  const job = dag === 0 ? 0 : space.handle(dag, reservedJob[cls]!);
  if (job !== 0 && slotsOf(state, job) < 2) throw new Error('a reservation for a job of one slot');
  const executor = executors.find(reservedExecutor[cls]!);
  if (executor !== 0) same('class of a reserved executor', executors.c.class[executor], classes.keyA[cls]);
}

/** Counts of DAGs and of the jobs before a job. */
function checkDags(state: State): void {
  const { dags, cursors } = state;
  const cursorsOf = new Counts();
  const worksOf = new Counts();
  const fairDagsOf = new Counts();
  for (const row of rowsOf(state.fairDags)) fairDagsOf.add(String(state.fairDags.keyA[row]));
  for (const cursor of rowsOf(cursors)) {
    const kind = cursors.c.kind[cursor]!;
    if (isOfDag(kind)) cursorsOf.add(String(cursors.c.dag[cursor]));
    if (isOfDag(kind) && kind !== CursorKind.forget) worksOf.add(String(cursors.c.dag[cursor]));
  }
  for (const dag of rowsOf(dags)) {
    const seq = dags.keyA[dag]!;
    same(`cursors of DAG ${seq}`, dags.c.cursors[dag], cursorsOf.get(String(seq)));
    if (dags.c.state[dag]! > DagState.ending && dags.c.retiredSeq[dag] !== 0)
      same(`cursors at work on ended DAG ${seq}`, worksOf.get(String(seq)), 0);
    if (dags.c.state[dag]! <= DagState.ending) checkOpenDag(state, dag);
    same(`rows of fair@1 of DAG ${seq}`, dags.c.fairDags[dag], fairDagsOf.get(String(seq)));
  }
}

function checkOpenDag(state: State, dag: number): void {
  const { dags, jobs, space, fans } = state;
  const seq = dags.keyA[dag]!;
  let left = 0;
  for (let index = 0; index < dags.c.jobsTotal[dag]!; index++) {
    const job = space.handle(dag, index);
    if (job === 0) continue;
    const jobState = jobs.c.state[job]!;
    if (jobState < JobState.succeeded) left += 1;
    if (jobState === JobState.fannedOut) {
      const fan = fans.find(seq, index);
      left += fans.c.count[fan]! - fans.c.made[fan]!;
      checkFan(state, dag, job, fan);
    } else if (jobState === JobState.waiting && dags.c.state[dag] === DagState.open && dags.c.reopening[dag] === 0) {
      checkUpstreams(state, dag, index, job);
    }
  }
  same(`jobs left of DAG ${seq}`, dags.c.jobsLeft[dag], left);
}

/** A fan-out has counted its children. */
function checkFan(state: State, dag: number, parent: number, fan: number): void {
  const { jobs, space, fans } = state;
  let left = fans.c.count[fan]! - fans.c.made[fan]!;
  let bad = 0;
  for (let i = 0; i < fans.c.made[fan]!; i++) {
    const jobState = jobs.c.state[space.handle(dag, fans.c.base[fan]! + i)]!;
    if (jobState < JobState.succeeded) left += 1;
    else if (jobState !== JobState.succeeded) bad += 1;
  }
  same('children left of a fan-out', jobs.c.left[parent], left);
  same('bad children of a fan-out', jobs.c.bad[parent], bad);
}

/** I7: a waiting job has counted those before it, except those whose cursor is still under way. */
function checkUpstreams(state: State, dag: number, index: number, job: number): void {
  const { dags, jobs, space } = state;
  let left = 0;
  for (let up = 0; up < dags.c.specJobs[dag]!; up++) {
    const upstream = space.handle(dag, up);
    for (let n = 0; n < space.degree(upstream); n++) {
      if (space.target(upstream, n) === index && jobs.c.state[upstream]! < JobState.succeeded) left += 1;
    }
  }
  if (jobs.c.left[job]! < left || (jobs.c.left[job]! > left && dags.c.cursors[dag] === 0)) {
    same(`jobs that job ${index} of DAG ${dags.keyA[dag]} waits for`, jobs.c.left[job], left);
  }
}

/** Flows, tags and counts of ready jobs. */
function checkFrontier(state: State): void {
  const { jobs, flows, dags, tags, virtuals, classes, tenants, leases, executors, space } = state;
  const counts = new Counts();
  for (const job of rowsOf(jobs)) {
    if (jobs.c.state[job] !== JobState.ready) continue;
    const dag = space.dagOf[job]!;
    const flow = `${jobs.keyA[job]} ${jobs.c.class[job]! * 4 + shapeOf(jobs.c.flags[job]!)}`;
    counts.add(`flow ${flow}`);
    counts.add(`work ${flow}`, jobs.c.estimateMs[job]! * slotsOf(state, job));
    counts.add(`class ${jobs.c.class[job]}`);
    counts.add(`tenant ${dags.c.tenant[dag]}`);
  }
  for (const flow of rowsOf(flows)) {
    const name = `${flows.keyA[flow]} ${flows.keyB[flow]}`;
    same(`ready jobs of flow ${name}`, flows.c.ready[flow], counts.get(`flow ${name}`));
    same(`work of flow ${name}`, flows.c.work[flow], counts.get(`work ${name}`));
    const dag = dags.find(flows.keyA[flow]!);
    if (dags.c.state[dag] !== DagState.open || dags.c.paused[dag] !== 0) continue;
    const key = tagKey(Math.floor(flows.keyB[flow]! / 4), dags.c.priority[dag]!);
    counts.add(`flows ${key} ${dags.c.tenant[dag]}`);
  }
  for (const cls of rowsOf(classes))
    same('ready jobs of a class', classes.c.ready[cls], counts.get(`class ${classes.keyA[cls]}`));
  for (const tenant of rowsOf(tenants)) {
    same('runnable jobs of a tenant', tenants.c.runnableJobs[tenant], counts.get(`tenant ${tenants.keyA[tenant]}`));
  }
  for (const lease of rowsOf(leases)) {
    if (leases.c.tenant[lease] === 0) continue;
    const classSeq = executors.c.class[executors.find(leases.c.executor[lease]!)]!;
    counts.add(`leases ${tagKey(classSeq, leases.c.priority[lease]!)} ${leases.c.tenant[lease]}`);
  }
  for (const tag of rowsOf(tags)) {
    const name = `${tags.keyA[tag]} ${tags.keyB[tag]}`;
    same(`flows of tag ${name}`, tags.c.flows[tag], counts.get(`flows ${name}`));
    same(`leases of tag ${name}`, tags.c.leases[tag], counts.get(`leases ${name}`));
    const isIdle = tags.c.flows[tag] === 0 && tags.c.leases[tag] === 0;
    same(`whether tag ${name} is in the ring`, tags.c.idleAfter[tag] !== 0, isIdle);
    counts.add(`${isIdle ? 'idle' : 'busy'} ${tags.keyA[tag]}`);
  }
  for (const virtual of rowsOf(virtuals)) {
    same('busy tags', virtuals.c.busy[virtual], counts.get(`busy ${virtuals.keyA[virtual]}`));
    checkRing(state, virtual, counts.get(`idle ${virtuals.keyA[virtual]}`));
  }
}

/** The ring of idle tags has all of them, both ways. */
function checkRing(state: State, virtual: number, size: number): void {
  const { tags, virtuals } = state;
  const key = virtuals.keyA[virtual]!;
  const first = virtuals.c.firstIdle[virtual]!;
  let found = 0;
  for (let tenant = first; tenant !== 0; found++) {
    const after = tags.c.idleAfter[tags.find(key, tenant)]!;
    same('tag before the next one of a ring', tags.c.idleBefore[tags.find(key, after)], tenant);
    tenant = after === first ? 0 : after;
    if (found > size) break;
  }
  same('size of a ring of idle tags', found, size);
}

/** Totals of the cell and of tenants. */
function checkCell(state: State): void {
  const { cell, cellRow, dags, tenants, fairs, retired } = state;
  const counts = new Counts();
  for (const dag of rowsOf(dags)) {
    const dagState = dags.c.state[dag]!;
    if (dagState > DagState.ending) continue;
    counts.add('open');
    counts.add('known', dags.c.jobsTotal[dag]!);
    counts.add(`open ${dags.c.tenant[dag]}`);
    counts.add(`${dagState === DagState.held ? 'held' : 'active'} ${dags.c.tenant[dag]}`);
    counts.add(`fair ${dags.c.priority[dag]! + 2 ** 20} ${dags.c.tenant[dag]}`);
  }
  same('open DAGs', cell.c.openDags[cellRow], counts.get('open'));
  same('known jobs', cell.c.knownJobs[cellRow], counts.get('known'));
  for (const tenant of rowsOf(tenants)) {
    const seq = tenants.keyA[tenant];
    same(`open DAGs of tenant ${seq}`, tenants.c.openDags[tenant], counts.get(`open ${seq}`));
    same(`held DAGs of tenant ${seq}`, tenants.c.heldDags[tenant], counts.get(`held ${seq}`));
    same(`active DAGs of tenant ${seq}`, tenants.c.activeDags[tenant], counts.get(`active ${seq}`));
  }
  for (const fair of rowsOf(fairs)) {
    same('open DAGs of a priority', fairs.c.open[fair], counts.get(`fair ${fairs.keyA[fair]} ${fairs.keyB[fair]}`));
  }
  let retiredJobs = 0;
  for (const row of rowsOf(retired)) retiredJobs += retired.c.jobs[row]!;
  same('jobs of ended DAGs', cell.c.retiredJobs[cellRow], retiredJobs);
}

/** Whether a job is a fan-out, for tests that look at one. */
