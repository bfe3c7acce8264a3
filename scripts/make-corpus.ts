/**
 * Writes the journals of replay/corpus/ that this release adds, each with what it has to come to. A journal that is
 * there stays as it is: it was recorded by the release that added it (replay/corpus/README.md). `--again` records those
 * of this release anew, which is right only before it is out.
 */
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { JournalSink } from '../bench/support/journal.js';
import { verify } from '../replay/index.js';
import { encodeBody } from '../src/catalogue/codec.js';
import { bodyDigest } from '../src/catalogue/digest.js';
import type { InputEntry } from '../src/catalogue/generated/types.js';
import { Kernel } from '../src/kernel/kernel.js';
import { VirtualCell } from '../src/simulate/cell/virtual-cell.js';
import { checkPlan } from '../src/simulate/index.js';
import { PlanWorld } from '../src/simulate/load/plan-world.js';
import type { PlanInput } from '../src/simulate/plan/plan-schema.js';

const CORPUS = join(import.meta.dirname, '..', 'replay', 'corpus');

/** An invoice in three jobs; it takes 3.3 s when nothing is in its way. */
const INVOICE = [
  { id: 'classify', executorClass: 'classifier', run: { time: '300ms' } },
  { id: 'read', executorClass: 'ocr', after: ['classify'], run: { time: '2s' } },
  { id: 'extract', executorClass: 'extractor', after: ['read'], run: { time: '1s' } },
];

const JOURNALS: Readonly<Record<string, { readonly about: string; readonly plan: PlanInput }>> = {
  'late-invoice': {
    about: 'Invoices with deadlines, and an archive of 90 pages between them, first come first served.',
    plan: {
      policy: 'fifo@1',
      seed: 17,
      duration: '4min',
      sigma: 0.2,
      classes: { classifier: { slots: 2 }, ocr: { executors: 2, slots: 2 }, extractor: { slots: 2 } },
      load: [
        { name: 'invoice', arrivals: { count: 40, every: '6s' }, deadline: { after: '20s' }, jobs: INVOICE },
        {
          name: 'archive',
          arrivals: { count: 1, every: 0, from: '60s' },
          fanOuts: { page: [90, 90] },
          jobs: [
            { id: 'split', executorClass: 'classifier', run: { time: '1s' } },
            { id: 'page', executorClass: 'ocr', after: ['split'], fanOut: { count: 1 }, run: { time: '2s' } },
          ],
        },
      ],
    },
  },
  'busy-minute': {
    about: 'Two tenants under the default policy: failures, retries, time-outs, hard deadlines, lost capacity.',
    plan: {
      seed: 5,
      duration: '90s',
      classes: { classifier: { slots: 3 }, ocr: { executors: 4, slots: 2 }, extractor: { slots: 4 } },
      tenants: { acme: { weight: 3 }, beta: { weight: 1, activeDags: 20 } },
      changes: [
        { at: '30s', class: 'ocr', share: 0.5 },
        { at: '60s', class: 'ocr', share: 1 },
      ],
      load: [
        {
          name: 'invoice',
          tenant: ['acme', 'beta'],
          arrivals: { load: 0.96 },
          deadline: { paths: [2, 12] },
          hardDeadline: { paths: [12, 20], share: 0.3 },
          onHardDeadline: 'demote',
          jobs: INVOICE.map((job) => ({
            ...job,
            timeoutMs: 6_000,
            retry: { maxAttempts: 3, backoff: { baseMs: 500, maxMs: 4_000 } },
            run: { ...job.run, fails: { share: 0.1, attempts: 2 } },
          })),
        },
      ],
    },
  },
};

for (const [name, { about, plan }] of Object.entries(JOURNALS)) {
  const folder = join(CORPUS, name);
  if (existsSync(folder) && !process.argv.includes('--again')) continue;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const sink = await JournalSink.open(folder);
  const digestOf = (code: InputEntry['code'], body: InputEntry['body']) => bodyDigest(encodeBody(code, body as never));
  const world = new PlanWorld(checkPlan(plan, () => null));
  new VirtualCell(world, (turn) => sink.take(turn), new Kernel(), digestOf).run();
  await sink.close();
  await rm(join(folder, 'lock'), { force: true });
  const { ok, turns, events, head } = await verify(folder);
  if (!ok) throw new Error(`${name} doesn't verify`);
  const expected = { about, release: '0.1.0', turns, events, head };
  await writeFile(join(folder, 'expected.json'), `${JSON.stringify(expected, null, 2)}\n`);
  process.stdout.write(`${name}: ${turns} turns, ${events} events\n`);
}
