/** The picture of the DAG on the example's page shows the DAG that is submitted. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { documentDagTemplate } from '../../../examples/documents/index.js';

type Edges = ReadonlySet<string>;

/** `a --> b --> c` lines of the Mermaid block, without what is written on the nodes. */
function drawn(page: string): Edges {
  const [, picture = ''] = /```mermaid\n([\s\S]*?)```/.exec(page) ?? [];
  const edges = new Set<string>();
  for (const line of picture.split('\n').filter((one) => one.includes('-->'))) {
    const nodes = line.split('-->').map((node) => /\w+/.exec(node)?.[0] ?? '');
    for (const [index, node] of nodes.slice(1).entries()) edges.add(`${nodes[index]} ${node}`);
  }
  return edges;
}

/** What comes after what, without what follows from the rest. */
function reduced(jobs: readonly { readonly id: string; readonly after?: readonly string[] }[]): Edges {
  const after = new Map(jobs.map((job) => [job.id, job.after ?? []]));
  const isBehind = (job: string, other: string): boolean =>
    (after.get(job) ?? []).some((one) => one === other || isBehind(one, other));
  const edges = new Set<string>();
  for (const [job, upstreams] of after) {
    for (const one of upstreams) if (!upstreams.some((other) => isBehind(other, one))) edges.add(`${one} ${job}`);
  }
  return edges;
}

it('is drawn as it is', () => {
  const page = readFileSync(new URL('../../../examples/documents/README.md', import.meta.url), 'utf8');
  expect([...drawn(page)].sort()).toEqual([...reduced(documentDagTemplate.jobs)].sort());
});
