/**
 * `npm run -s bench -- NAME [--json] [--seconds N] [--warm-up N] [--scale X] [--retain N] [--profile]
 * [--only A,B] [--wfformat FOLDER] [--rows FILE] [--rounds N] [--minutes N]`: runs one benchmark. The last line with
 * --json is one JSON object; without it a table says the same to a person.
 */
import { parseArgs } from 'node:util';
import '../src/main/inlining.js';
import { documents } from './documents.js';
import { failover } from './failover.js';
import { flat } from './flat.js';
import { giant } from './giant.js';
import { kafka } from './kafka.js';
import { kernel } from './kernel.js';
import { latency } from './latency.js';
import { memory } from './memory.js';
import { planner } from './planner.js';
import { policy } from './policy.js';
import { recovery } from './recovery.js';
import { replay } from './replay.js';
import { replayState } from './replay-state.js';
import { replayWhy } from './replay-why.js';
import { withFolder } from './support/folder.js';
import { loadAverage, thisMachine } from './support/machine.js';
import { tableOf } from './support/report.js';
import type { Bench, BenchResult } from './support/result.js';
import { speedOfThread } from './support/speed.js';
import { whatIf } from './what-if.js';

const BENCHES: readonly Bench[] = [
  kernel,
  planner,
  documents,
  flat,
  latency,
  memory,
  replay,
  replayState,
  replayWhy,
  recovery,
  policy,
  giant,
  whatIf,
  kafka,
  failover,
];

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      seconds: { type: 'string', default: '10' },
      'warm-up': { type: 'string', default: '3' },
      scale: { type: 'string', default: '1' },
      retain: { type: 'string', default: '100000' },
      profile: { type: 'boolean', default: false },
      only: { type: 'string', default: '' },
      rounds: { type: 'string', default: '50' },
      minutes: { type: 'string' },
      wfformat: { type: 'string' },
      rows: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const bench = BENCHES.find(({ name }) => name === positionals[0]);
  if (bench === undefined || values.help) {
    process.stderr.write(usage());
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const before = await speedOfThread();
  const measured = await withFolder((folder) =>
    bench.run({
      seconds: positive(values.seconds, '--seconds'),
      warmUpSeconds: positive(values['warm-up'], '--warm-up'),
      scale: positive(values.scale, '--scale'),
      retainedJobs: positive(values.retain, '--retain'),
      keepProfiles: values.profile,
      only: values.only.split(',').filter((name) => name !== ''),
      rounds: positive(values.rounds, '--rounds'),
      minutes: values.minutes === undefined ? null : positive(values.minutes, '--minutes'),
      instances: values.wfformat ?? null,
      rows: values.rows ?? null,
      folder,
      note: (text) => void process.stderr.write(`${text}\n`),
    }),
  );
  const { value, unit, target, bound, ...rest } = measured;
  const details = { ...measured.details, loadAverage: loadAverage() };
  const machine = { ...thisMachine(), speed: { before, after: await speedOfThread() } };
  const result: BenchResult = { name: bench.name, value, unit, target, bound, machine, ...rest, details };
  process.stdout.write(`${values.json ? JSON.stringify(result) : tableOf(result)}\n`);
}

function usage(): string {
  const list = BENCHES.map(({ name, summary }) => `  ${name.padEnd(10)} ${summary}`).join('\n');
  return `usage: npm run -s bench -- NAME [--json] [--seconds N] [--warm-up N] [--scale X] [--retain N] [--profile] [--only A,B] [--wfformat FOLDER] [--rows FILE] [--rounds N] [--minutes N]\n\n${list}\n`;
}

function positive(text: string, option: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`${option} needs a number above 0, not ${text}`);
  return value;
}

await main();
