/** `npx tsx scripts/record-run.ts URL DAG > docs/pictures/run.json`: records a run, for `npm run generate` to draw. */
import { allJobs } from '../src/cli/terminal/stages.js';
import { FabricClient } from '../src/client/index.js';
import type { RecordedJob } from './docs/picture.js';

const [url = '', dagId = ''] = process.argv.slice(2);
const client = new FabricClient({ url });
const found = await allJobs(client, dagId);
await client.close();

const startMs = Math.min(...found.flatMap(({ readyAtMs }) => readyAtMs ?? []));
const jobs = found.flatMap(({ job, executorClass, readyAtMs, dispatchedAtMs, endedAtMs }): RecordedJob[] => {
  if (readyAtMs === null || dispatchedAtMs === null || endedAtMs === null) return [];
  const since = (ms: number): number => ms - startMs;
  return [
    { job, executorClass, readyMs: since(readyAtMs), startedMs: since(dispatchedAtMs), endedMs: since(endedAtMs) },
  ];
});
const about = 'The run of npm start that run.svg shows; npx tsx scripts/record-run.ts URL DAG';
const lines = jobs.map((job) => `    ${JSON.stringify(job)}`);
process.stdout.write(`{\n  "about": ${JSON.stringify(about)},\n  "jobs": [\n${lines.join(',\n')}\n  ]\n}\n`);
