/** Instances in WfFormat as they are read: what of the form decides when a job runs, whichever version it is of. */
import { z } from 'zod';
import { FormError, type FormProblem } from '../form/form-error.js';
import { formProblems, slashed } from '../form/form-problems.js';
import { MAX_DURATION_MS } from '../kernel/limits.js';

/** Members of the format that are named by nouns which mean something else here. */
const GRAPH = 'workflow';
const NODES = 'tasks';

/** Versions of the form that are read. Others put run times, or what edges go by, elsewhere. */
const VERSIONS = ['1.4', '1.5'] as const;

const text = z.string().min(1);
const seconds = z
  .number()
  .min(0)
  .max(MAX_DURATION_MS / 1_000);
const cores = z.number().min(0);

const node = z.looseObject({
  id: text.optional(),
  name: text.optional(),
  parents: z.array(text).default([]),
  children: z.array(text).default([]),
  /** Before 1.5 run times and cores stood here. */
  runtimeInSeconds: seconds.optional(),
  runtime: seconds.optional(),
  cores: cores.optional(),
});

const ran = z.looseObject({ id: text, runtimeInSeconds: seconds, coreCount: cores.optional() });

const graph = z.looseObject({
  specification: z.looseObject({ [NODES]: z.array(node).min(1) }).optional(),
  execution: z.looseObject({ [NODES]: z.array(ran) }).optional(),
  [NODES]: z.array(node).min(1).optional(),
});

const instance = z.looseObject({
  name: text.optional(),
  schemaVersion: z.enum(VERSIONS, { error: ({ input }) => versionWords(input) }),
  [GRAPH]: graph,
});

function versionWords(version: unknown): string {
  const said = version === undefined ? 'there is none' : `not ${JSON.stringify(version)}`;
  return `schema versions ${VERSIONS.map((one) => JSON.stringify(one)).join(' and ')} are read: ${said}`;
}

/** A file that is no instance, or one that can't become a DAG; places are JSON pointers. */
export class InstanceError extends FormError {
  override readonly name = 'InstanceError';
  override readonly code = 'invalid-wfformat';
}

/** A node of the graph, whatever the version. */
export interface InstanceNode {
  /** By what the other nodes name it; empty when it has neither id nor name. */
  readonly key: string;
  /** The member that this is. */
  readonly keyMember: 'id' | 'name';
  readonly name: string;
  readonly parents: readonly string[];
  readonly children: readonly string[];
  readonly seconds: number | undefined;
  /** The cores that it ran on. */
  readonly cores: number;
}

export interface Instance {
  readonly name: string;
  readonly version: string;
  /** JSON pointer to the nodes. */
  readonly place: string;
  readonly nodes: readonly InstanceNode[];
  /** Ids of executions that are of none of the nodes. */
  readonly strangers: readonly string[];
  /** Executions whose id another one has: nobody knows which is the job's. */
  readonly repeated: readonly FormProblem[];
}

/** Reads a parsed file. Throws `InstanceError`. */
export function readInstance(value: unknown): Instance {
  const parsed = instance.safeParse(value);
  if (!parsed.success) throw new InstanceError(formProblems(parsed.error.issues, slashed));
  const { name = 'instance', schemaVersion: version } = parsed.data;
  const { specification, execution, [NODES]: older } = parsed.data[GRAPH] as z.output<typeof graph>;
  const found = (specification?.[NODES] ?? older) as readonly z.output<typeof node>[] | undefined;
  if (found === undefined) throw new InstanceError([{ path: `/${GRAPH}`, detail: 'it has no graph' }]);
  const runs = (execution?.[NODES] ?? []) as readonly z.output<typeof ran>[];
  const byId = new Map(runs.map((run) => [run.id, run]));
  const nodes = found.map((one): InstanceNode => {
    const { key, keyMember } = keyOf(one, version);
    const run = byId.get(key);
    return {
      key,
      keyMember,
      name: one.name ?? key,
      parents: one.parents,
      children: one.children,
      seconds: run?.runtimeInSeconds ?? one.runtimeInSeconds ?? one.runtime,
      cores: run?.coreCount ?? one.cores ?? 1,
    };
  });
  const keys = new Set(nodes.map(({ key }) => key));
  return {
    name,
    version,
    place: `/${GRAPH}${specification === undefined ? '' : '/specification'}/${NODES}`,
    nodes,
    strangers: [...byId.keys()].filter((id) => !keys.has(id)),
    repeated: repeatedOf(runs),
  };
}

function repeatedOf(runs: readonly z.output<typeof ran>[]): readonly FormProblem[] {
  const known = new Set<string>();
  return runs.flatMap(({ id }, index) => {
    const isRepeated = known.has(id);
    known.add(id);
    const path = `/${GRAPH}/execution/${NODES}/${index}/id`;
    return isRepeated ? [{ path, detail: `${JSON.stringify(id)} is the id of another one, too` }] : [];
  });
}

/** Edges go by names up to 1.4, and by ids since; what isn't there is made up for by the other. */
function keyOf({ id, name }: z.output<typeof node>, version: string): Pick<InstanceNode, 'key' | 'keyMember'> {
  const isById = version === '1.4' ? name === undefined : id !== undefined;
  return { key: (isById ? id : name) ?? '', keyMember: isById ? 'id' : 'name' };
}
