/** `marie import wfformat` on a running fabric: the executor that does nothing takes the times of the instance. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { FabricClient } from '../../../src/client/index.js';
import { SUBMISSION_BYTES } from '../../../src/edge/limits.js';
import type { ImportedDag } from '../../../src/import/wfformat.js';
import { marieInTurn } from './in-turn.js';
import { atEnd, startFabricHere, startMarie, temporaryFolder } from './setup.js';

const marie = marieInTurn();

const path = (name: string): string => fileURLToPath(new URL(`../../../${name}`, import.meta.url));

const MOSAIC = path('test/support/wfformat/mosaic.json');

function slotsOf(stdout: string): readonly number[] {
  return (JSON.parse(stdout) as ImportedDag).jobs.flatMap(({ slots }) => slots ?? []);
}

describe('an imported instance', () => {
  it('runs as long as it says, each job after those before it', async () => {
    const { url } = await startFabricHere();
    await startMarie(['dev', path('examples/noop/index.ts'), '--url', url], /registered/);
    const { stdout } = await marie(['import', 'wfformat', MOSAIC, '--scale', '0.02']);
    const dag = JSON.parse(stdout) as ImportedDag;
    const client = new FabricClient({ url });
    atEnd(() => client.close());
    await client.submit({ id: 'mosaic', ...dag } as never);
    expect((await client.wait('mosaic')).state).toBe('succeeded');
    const ran = new Map((await client.jobs('mosaic')).map((job) => [job.job, job]));
    expect(ran.size).toBe(14);
    for (const { id, estimateMs, after } of dag.jobs) {
      const { dispatchedAtMs, endedAtMs } = ran.get(id)!;
      // Timers of two processes may be a millisecond apart; how much longer it took is the machine's.
      expect(endedAtMs! - dispatchedAtMs!, id).toBeGreaterThanOrEqual(estimateMs - 2);
      for (const before of after) expect(dispatchedAtMs!, id).toBeGreaterThanOrEqual(ran.get(before)!.endedAtMs!);
    }
    const longest = Math.max(...dag.jobs.map(({ estimateMs }) => estimateMs));
    expect(longest).toBeGreaterThan(400);
  });

  it.each([
    [['--class', ''], 'a name has 1 to 256 bytes'],
    [['--class', 'noop', '--by-kind'], 'either every job is of the class that --class names, or --by-kind names them'],
    [['--scale', '1e12'], 'the instance can not become a DAG'],
  ])('is refused at once with %j', async (args, words) => {
    const { code, stdout, stderr } = await marie(['import', 'wfformat', MOSAIC, ...args]);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(words);
  });

  it('is told of on stderr where something of it is left out, and is nothing but a submission on stdout', async () => {
    const file = join(temporaryFolder(), 'wide.json');
    await writeFile(file, (await readFile(MOSAIC, 'utf8')).replace('"coreCount": 1,', '"coreCount": 8,'));
    const narrow = await marie(['import', 'wfformat', file]);
    expect(narrow.stderr).toBe('1 of 14 jobs ran on more than one core, and take one slot each\n');
    expect(slotsOf(narrow.stdout)).toEqual([]);
    const wide = await marie(['import', 'wfformat', file, '--cores']);
    expect(wide.stderr).toBe('');
    expect(slotsOf(wide.stdout)).toEqual([8]);
  });

  it.each([
    [45_000, /^$/],
    [75_000, /^it has 8\.\d MiB, and a submission 8\.0 MiB at most: a fabric doesn't take it\n$/],
  ])('has room in a submission where it may: a chain of %i jobs', async (length, told) => {
    const file = join(temporaryFolder(), 'chain.json');
    const idOf = (n: number) => `render_${String(n).padStart(6, '0')}`;
    const nodes = Array.from({ length }, (_, n) => ({
      id: idOf(n),
      parents: n === 0 ? [] : [idOf(n - 1)],
      runtime: 1.5,
    }));
    await writeFile(file, `{"schemaVersion":"1.5","workflow":{"specification":{"tasks":${JSON.stringify(nodes)}}}}`);
    const { stdout, stderr } = await marie(['import', 'wfformat', file]);
    expect(stderr).toMatch(told);
    expect((JSON.parse(stdout) as ImportedDag).jobs).toHaveLength(length);
    expect(Buffer.byteLength(stdout) < SUBMISSION_BYTES).toBe(length === 45_000);
  });
});
