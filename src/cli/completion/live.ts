import { FabricClient } from '../../client/index.js';
import { REMOTE_OPTIONS } from '../options.js';
import { take } from '../take.js';
import type { Candidate, Expected } from './context.js';

/** Whoever presses TAB doesn't wait longer; a fabric that isn't there has nothing to offer. */
const PATIENCE = { attempts: 1 };
const WAIT_MS = 1_000;
/** Candidates that are looked up. */
const MOST = 100;
/** Signals that are looked up: each is a call. */
const MOST_SIGNALS = 20;

/** Ids that the fabric knows, for the word under the cursor. Nothing where the fabric doesn't answer in time. */
export async function liveCandidates(expected: Expected, prefix: string): Promise<readonly Candidate[]> {
  const [url, tenant] = REMOTE_OPTIONS.map(({ flags, env, default: usual }) => {
    return expected.options.get(flags.split(' ')[0]!) ?? process.env[env ?? ''] ?? String(usual);
  });
  const client = new FabricClient({ url: url!, tenant: tenant!, patience: PATIENCE });
  const late = new Promise<readonly Candidate[]>((resolve) => setTimeout(() => resolve([]), WAIT_MS).unref());
  try {
    return await Promise.race([look(client, expected, tenant!, prefix), late]);
  } catch {
    // Completion has nowhere to say what is wrong; the command itself will.
    return [];
  } finally {
    await client.close();
  }
}

async function look(
  client: FabricClient,
  { source, given }: Expected,
  tenant: string,
  prefix: string,
): Promise<readonly Candidate[]> {
  switch (source) {
    case 'executor':
      return (await client.operations.executors()).map(({ executor, executorClass, state }) => {
        return { value: executor, about: `${executorClass}, ${state}` };
      });
    case 'class':
      return (await client.operations.classes()).map(({ executorClass, ready }) => {
        return { value: executorClass, about: `${ready} ready` };
      });
    case 'job':
      return given[0] === undefined ? [] : jobsOf(client, given[0]);
    case 'signal':
      return given[0] === undefined ? [] : signalsOf(client, given[0]);
    case 'tenant':
      return (await take(client.operations.tenants(), MOST)).found.map(({ tenant, openDags }) => {
        return { value: tenant, about: `${openDags.used ?? 0} open DAGs` };
      });
    case 'dag':
      return dagsOf(client, tenant, prefix);
    default:
      return [];
  }
}

/** The newest that begin so: more than fit a screen help nobody. */
async function dagsOf(client: FabricClient, tenant: string, prefix: string): Promise<readonly Candidate[]> {
  const begins = prefix === '' ? {} : { q: prefix };
  const { items } = await client.listings.dagPage({ tenant, limit: MOST, ...begins });
  return items.map(({ dagId, name, state }) => ({ value: dagId, about: [name, state].filter(Boolean).join(', ') }));
}

async function jobsOf(client: FabricClient, dagId: string): Promise<readonly Candidate[]> {
  return (await client.get(dagId)).jobs.map(({ job, state }) => ({ value: job, about: state }));
}

/** Signals that may be answered, by their names. Before a job waits nothing tells that name; mostly it is the job's id. */
async function signalsOf(client: FabricClient, dagId: string): Promise<readonly Candidate[]> {
  const { jobs } = await client.get(dagId);
  const open = jobs.filter(({ kind, endedAtMs }) => kind === 'signal' && endedAtMs === null).slice(0, MOST_SIGNALS);
  return Promise.all(
    open.map(async ({ job, state }) => {
      const why = state === 'awaiting-signal' ? (await client.explain(dagId, job)).why : null;
      return { value: why?.reason === 'waiting-for-signal' ? why.name : job, about: state };
    }),
  );
}
