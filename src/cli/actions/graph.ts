import { madeOnce } from '../../catalogue/made-once.js';
import type { GraphNode } from '../../client/index.js';
import type { RemoteOptions } from '../arguments.js';
import { withFabric } from '../remote.js';
import type { Io } from '../terminal/io.js';
import { stateText } from '../terminal/stages.js';
import { type Cell, type ColumnOf, tableOf } from '../text/table.js';

/** Names of jobs after which one comes that are shown; the rest is counted. */
const MAX_AFTER = 5;

/** `marie graph`: what comes after what. */
export async function graph(
  io: Io,
  dagId: string,
  options: RemoteOptions & { readonly mermaid?: boolean },
): Promise<void> {
  const nodes: GraphNode[] = [];
  await withFabric(options, async ({ listings }) => {
    for await (const node of listings.graph(dagId)) nodes.push(node);
  });
  io.emit('graph', { dagId, nodes }, (shown) => (options.mermaid ? mermaidOf(shown.nodes) : textOf(io, shown.nodes)));
}

function textOf(io: Io, nodes: readonly GraphNode[]): string {
  const names = new Map(nodes.map(({ index, job }) => [index, job]));
  const depths = depthsOf(nodes);
  const columns: readonly ColumnOf<GraphNode>[] = [
    { title: 'job', cell: ({ index, job }) => `${'  '.repeat(Math.min(8, depths.get(index) ?? 0))}${job}` },
    { title: 'class', spare: 1, cell: ({ executorClass, kind }) => executorClass || kind },
    { title: 'state', cell: stateCell },
    { title: 'children', cell: childrenText },
    { title: 'after', wraps: true, cell: (node) => afterText(node, names) },
  ];
  return tableOf(io, columns, nodes);
}

function stateCell({ state, conditional }: GraphNode, io: Io): Cell {
  const text = stateText(io, state);
  return conditional ? { wide: `${text} (conditional)`, narrow: `${text} (when)` } : text;
}

function childrenText({ children }: GraphNode): string {
  return Object.entries(children ?? {})
    .map(([state, count]) => `${count} ${state}`)
    .join(', ');
}

function afterText({ after }: GraphNode, names: ReadonlyMap<number, string>): string {
  const shown = after.slice(0, MAX_AFTER).map((index) => names.get(index) ?? String(index));
  const more = after.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}

/** How many jobs come one after the other before each; a job may stand before those that it comes after. */
function depthsOf(nodes: readonly GraphNode[]): ReadonlyMap<number, number> {
  const left = new Map(nodes.map(({ index, after }) => [index, after.length]));
  const followers = new Map<number, number[]>();
  for (const { index, after } of nodes) {
    for (const before of after) madeOnce(followers, before, () => []).push(index);
  }
  const depths = new Map<number, number>();
  const ready = nodes.filter(({ after }) => after.length === 0).map(({ index }) => index);
  for (const index of ready) depths.set(index, 0);
  for (let next = ready.pop(); next !== undefined; next = ready.pop()) {
    for (const follower of followers.get(next) ?? []) {
      depths.set(follower, Math.max(depths.get(follower) ?? 0, (depths.get(next) ?? 0) + 1));
      const open = (left.get(follower) ?? 1) - 1;
      left.set(follower, open);
      if (open === 0) ready.push(follower);
    }
  }
  return depths;
}

function mermaidOf(nodes: readonly GraphNode[]): string {
  const lines = nodes.map((node) => {
    const label = [node.job, childrenText(node) || node.state].join('<br>').replaceAll('"', '#quot;');
    return `  n${node.index}${node.children === null ? `["${label}"]` : `[["${label}"]]`}`;
  });
  const edges = nodes.flatMap(({ index, after, conditional }) =>
    after.map((before) => `  n${before} ${conditional ? '-.->' : '-->'} n${index}`),
  );
  return ['flowchart TD', ...lines, ...edges].join('\n');
}
