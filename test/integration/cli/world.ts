import { copyFile, cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openJournal, takeSnapshots } from '../../../replay/index.js';
import { FabricClient, type Submission } from '../../../src/client/index.js';
import { defineExecutor, JobError, type RunningExecutors, runExecutors } from '../../../src/executor/index.js';
import { backUp } from '../../../src/main/backup/backup.js';
import { loadConfig } from '../../../src/main/config/config-file.js';
import { up } from '../../../src/main/up.js';
import { quietLog } from '../../support/quiet-log.js';
import { MARIE } from './setup.js';

/** The DAG that the examples of the commands speak of; it stays open until `approve` is answered. */
const INVOICE = {
  name: 'invoices',
  jobs: [
    { id: 'split', executorClass: 'splitter', inputs: { pdf: { value: 'three' } } },
    { id: 'page', executorClass: 'ocr', after: ['split'], fanOut: { over: { from: 'split', at: '/pages' } } },
    { id: 'merge', executorClass: 'merger', after: ['page'], inputs: { pages: { from: 'page' } } },
    { id: 'approve', kind: 'signal', after: ['merge'] },
  ],
} as const satisfies Submission;

/** The file dag.json of the examples: the same without the signal, its input left open. */
const DAG_FILE = {
  ...INVOICE,
  jobs: [{ ...INVOICE.jobs[0], inputs: { pdf: { input: 'pdf' } } }, ...INVOICE.jobs.slice(1, 3)],
};

/** The file my-executor.ts of the examples. */
const EXECUTOR = `import type { ExecutorDefinition } from 'marie-execution-fabric/executor';
const shout: ExecutorDefinition<{ text: string }> = { class: 'shout', slots: 1, run: (_ctx, { text }) => text + '!' };
export default shout;
`;

/** An instance in WfFormat, for what imports one. */
const INSTANCE = fileURLToPath(new URL('../../support/wfformat/mosaic.json', import.meta.url));

/** A plan for what simulates one. */
const PLAN = `
duration: 1min
classes: { ocr: { slots: 4 } }
load:
  - { name: page, arrivals: { load: 0.8 }, jobs: [ { id: ocr, executorClass: ocr, run: { time: 2s } } ] }
`;

/** A plan whose load is the history in marie-data. */
const HISTORY_PLAN = `
classes: { splitter: { slots: 2 }, ocr: { slots: 4 }, merger: { slots: 1 } }
load:
  - { journal: marie-data, speed: 2 }
`;

/** In which state an example finds the DAG invoice-17; letter-3 is the same without the signal, so it ends. */
export type Situation = 'open' | 'failed' | 'paused' | 'ended' | 'spare executor';

/** What the examples of all commands need: a folder to call them in, a fabric, executors. */
export interface World {
  /** With the command `marie` in it. */
  readonly folder: string;
  readonly url: string;
  /** Brings invoice-17 of a tenant into a state. */
  prepare(tenant: string, situation: Situation): Promise<void>;
  close(): Promise<void>;
}

export async function openWorld(): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'marie-world-'));
  await writeFile(join(folder, 'dag.json'), JSON.stringify(DAG_FILE));
  await writeFile(join(folder, 'invoice.pdf'), 'three');
  await writeFile(join(folder, 'answer.json'), '{"approved": true}');
  await writeFile(join(folder, 'marie.yaml'), 'data: configured\nclasses: [ { class: ocr, maxSlots: 4 } ]\n');
  await writeFile(join(folder, 'plan.yaml'), PLAN);
  await writeFile(join(folder, 'history.yaml'), HISTORY_PLAN);
  await writeFile(join(folder, 'my-executor.ts'), EXECUTOR);
  await writeFile(join(folder, 'marie'), `#!/bin/sh\nexec '${process.execPath}' '${MARIE}' "$@"\n`, { mode: 0o755 });
  await copyFile(INSTANCE, join(folder, 'montage.json'));
  const config = loadConfig(null, { data: join(folder, 'live'), port: 0 });
  const fabric = await up({ ...config, acceptClock: false });
  const executors = await startExecutors(fabric.url);
  let spare = await startSpare(fabric.url);
  await leaveHistory(folder, fabric.url);
  await takeSnapshots(await openJournal(join(folder, 'marie-data'), { snapshots: join(folder, 'kept-snapshots') }));
  return {
    folder,
    url: fabric.url,
    async prepare(tenant, situation) {
      await prepare(fabric.url, tenant, situation);
      if (situation !== 'spare executor') return;
      await spare.close(0);
      spare = await startSpare(fabric.url);
    },
    close: async () => {
      await spare.close(0);
      await executors.close(0);
      await fabric.close();
      await rm(folder, { recursive: true });
    },
  };
}

const OCR = defineExecutor({
  id: 'ocr-1',
  class: 'ocr',
  slots: 4,
  run: (_context, { item }) => ({ text: `page ${item}` }),
});

/** An executor that examples may take out of work; a drained one leaves, so it is started again. */
function startSpare(url: string): Promise<RunningExecutors> {
  const executors = [{ ...OCR, id: 'ocr-2', slots: 1 }];
  return runExecutors({ url, handleSignals: false, log: quietLog(), executors });
}

function startExecutors(url: string): Promise<RunningExecutors> {
  return runExecutors({
    url,
    handleSignals: false,
    log: quietLog(),
    executors: [
      {
        id: 'splitter-1',
        class: 'splitter',
        slots: 2,
        run(_context, { pdf }) {
          if (pdf === 'bad') throw new JobError('bad-pdf', 'no pages', { retryable: false });
          return { pages: [1, 2, 3] };
        },
      },
      OCR,
      { id: 'merger-1', class: 'merger', slots: 1, run: () => ({ text: 'all of it' }) },
    ],
  });
}

/** Copies the data of the running fabric to marie-data, for what reads a history, and makes a backup of it. */
async function leaveHistory(folder: string, url: string): Promise<void> {
  await prepare(url, 'history', 'failed');
  const data = join(folder, 'marie-data');
  await cp(join(folder, 'live', 'journal'), join(data, 'journal'), { recursive: true });
  // This release stands for another one, too.
  await symlink(process.cwd(), join(folder, 'marie-0.1.0'));
  const [journal = '', blobs = '', snapshots = ''] = ['journal', 'blobs', 'snapshots'].map((part) => join(data, part));
  await backUp({ journal, blobs, snapshots }, join(folder, 'backup-sunday'), async () => true);
}

async function prepare(url: string, tenant: string, situation: Situation): Promise<void> {
  const client = new FabricClient({ url, tenant });
  try {
    const [split, ...others] = INVOICE.jobs;
    const first = situation === 'failed' ? { ...split, inputs: { pdf: { value: 'bad' } } } : split;
    await client.submit({ ...INVOICE, id: 'invoice-17', jobs: [first, ...others] });
    await client.submit({ ...INVOICE, id: 'letter-3', jobs: INVOICE.jobs.slice(0, 3) });
    if (situation === 'ended') await client.wait('letter-3');
    if (situation === 'failed') await client.wait('invoice-17');
    if (situation === 'paused') await client.controls.pause('invoice-17');
  } finally {
    await client.close();
  }
}
