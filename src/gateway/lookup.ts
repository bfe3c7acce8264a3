/** Finds what an id names, whatever it is an id of. */
import type { DagSummary, Hit } from '../answers/types.js';
import { parseLease } from '../catalogue/lease.js';
import type { DagQuery } from '../scheduler/views/port.js';
import type { Gateway } from './context.js';

/** Hits of each kind at most. */
const MOST = 20;

const NOTHING: Pick<Hit, 'tenant' | 'dagId' | 'job' | 'name' | 'state' | 'isWhole'> = {
  tenant: null,
  dagId: null,
  job: null,
  name: null,
  state: null,
  isWhole: true,
};

/** What the text names; if it names nothing, the DAGs whose ids, names or labels begin with it. */
export async function lookUp(gateway: Gateway, text: string): Promise<readonly Hit[]> {
  const whole = [
    ...(await dagHits(gateway, { id: text }, true)),
    ...(await jobHits(gateway, text)),
    ...(await leaseHits(gateway, text)),
    ...(await cellHits(gateway, text)),
  ];
  return whole.length > 0 ? whole : dagHits(gateway, { text }, false);
}

const ANY: DagQuery = {
  tenant: null,
  states: null,
  executorClass: null,
  group: null,
  oldestFirst: false,
  limit: MOST,
  id: null,
  text: null,
  labels: [],
  paused: null,
  risk: null,
  accepted: { fromMs: null, toMs: null },
  ended: { fromMs: null, toMs: null },
  after: null,
};

async function dagsWith(gateway: Gateway, asked: Partial<DagQuery>): Promise<readonly DagSummary[]> {
  return (await gateway.deps.views.findDags({ ...ANY, ...asked })).items;
}

async function dagHits(gateway: Gateway, asked: Partial<DagQuery>, isWhole: boolean): Promise<Hit[]> {
  const dags = await dagsWith(gateway, asked);
  return dags.map(({ tenant, dagId, name, state }) => {
    return { ...NOTHING, kind: 'dag', href: dagHref(tenant, dagId, ''), tenant, dagId, name, state, isWhole };
  });
}

/** `dag/job`: an id of a DAG may hold a slash, one of a job holds none. */
async function jobHits(gateway: Gateway, text: string): Promise<Hit[]> {
  const at = text.lastIndexOf('/');
  if (at < 1) return [];
  const hits: Hit[] = [];
  for (const { dag, tenant, dagId } of await dagsWith(gateway, { id: text.slice(0, at) })) {
    const job = await gateway.deps.views.job(dag, text.slice(at + 1));
    if (job !== null) hits.push(jobHit('job', { tenant, dagId }, job));
  }
  return hits;
}

async function leaseHits(gateway: Gateway, text: string): Promise<Hit[]> {
  const lease = parseLease(gateway.cell, text);
  const name = lease === null ? null : await gateway.deps.names.nameOf(lease.dag);
  if (lease === null || name === null || !gateway.deps.views.mayBeGranted(lease)) return [];
  const job = await gateway.deps.views.jobAt(lease.dag, lease.job);
  const hasHadIt = job?.kind === 'executor' && lease.attempt >= 1 && lease.attempt <= job.attempt;
  return hasHadIt ? [jobHit('lease', name, job)] : [];
}

function jobHit(
  kind: 'job' | 'lease',
  { tenant, dagId }: { readonly tenant: string; readonly dagId: string },
  { job, state }: { readonly job: string; readonly state: string },
): Hit {
  return {
    ...NOTHING,
    kind,
    href: dagHref(tenant, dagId, `/jobs/${encodeURIComponent(job)}`),
    tenant,
    dagId,
    job,
    state,
  };
}

async function cellHits({ deps }: Gateway, text: string): Promise<Hit[]> {
  const { views } = deps;
  const hits: Hit[] = [];
  const add = (kind: Hit['kind'], href: string, more: Partial<Hit>) => hits.push({ ...NOTHING, kind, href, ...more });
  if (views.executor(text) !== null) {
    const state = views.executors().find(({ executor }) => executor === text)?.state ?? null;
    add('executor', `/v1/executors/${encodeURIComponent(text)}`, { name: text, state });
  }
  for (const { group, executorClass } of views.classes()) {
    if (executorClass === text) add('class', '/v1/classes', { name: `${group}/${executorClass}` });
  }
  if (views.tenant(text) !== null)
    add('tenant', `/v1/tenants/${encodeURIComponent(text)}`, { tenant: text, name: text });
  return hits;
}

function dagHref(tenant: string, dagId: string, rest: string): string {
  return `/v1/dags/${encodeURIComponent(dagId)}${rest}?tenant=${encodeURIComponent(tenant)}`;
}
