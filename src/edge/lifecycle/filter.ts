/** Which entries a lifecycle reader wants. */
import { type Topic, topicOf } from '../../catalogue/generated/codes.js';
import type { AnyEntry } from '../../catalogue/generated/types.js';
import type { DagName } from '../ports.js';

export interface Filter {
  readonly topics: ReadonlySet<Topic>;
  /** The only DAG that is wanted: events and callbacks have its number, submissions and controls its name. */
  readonly dag: (DagName & { readonly seq: number }) | null;
  /** The only tenant whose DAGs are wanted. */
  readonly tenant: string | null;
}

/** The DAG that an entry names by its sequence number, or null. */
export function dagOf(entry: AnyEntry): number | null {
  const body = entry.body as { readonly dag?: unknown; readonly lease?: { readonly dag?: unknown } };
  const dag = body.dag ?? body.lease?.dag;
  return typeof dag === 'number' && dag >= 0 ? dag : null;
}

/** The DAG that a submission or a control names, as text; null for what names none. */
export function namedIn({ body }: AnyEntry): string | null {
  const { tenant, dagId } = body as Partial<DagName>;
  return tenant === undefined || dagId === undefined ? null : nameAsText({ tenant, dagId });
}

/** A DAG's name as text: tenant and id may have any characters. */
export function nameAsText({ tenant, dagId }: DagName): string {
  return JSON.stringify([tenant, dagId]);
}

/** Whether a reader wants an entry if it is of the reader's tenant. */
export function mayWant(filter: Filter, entry: AnyEntry, dag: number | null): boolean {
  if (!filter.topics.has(topicOf(entry.code))) return false;
  if (filter.dag !== null && filter.dag.seq !== dag && nameAsText(filter.dag) !== namedIn(entry)) return false;
  return filter.tenant === null || dag !== null || tenantIn(entry) !== null;
}

/** The tenant that a submission or a control names; of what else there is a DAG's name tells it. */
function tenantIn({ body }: AnyEntry): string | null {
  const { tenant } = body as { readonly tenant?: unknown };
  return typeof tenant === 'string' ? tenant : null;
}

/**
 * Whether a reader wants an entry; `name` is that of its DAG. An event of a DAG that nobody can name any more may be any
 * tenant's: it is given to each, without names, as what is left out can't be asked for. An input is not: it has what a
 * tenant's jobs put out, and the number in it is whatever its sender wrote.
 */
export function wants(filter: Filter, entry: AnyEntry, dag: number | null, name: DagName | null): boolean {
  if (!mayWant(filter, entry, dag)) return false;
  if (filter.tenant === null) return true;
  const tenant = tenantIn(entry) ?? name?.tenant;
  return tenant === undefined ? !('envelope' in entry) : tenant === filter.tenant;
}
