/** Names that would steer a terminal, wherever people are shown them. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { marie, startFabricHere, temporaryFolder } from './setup.js';

/** What no text for people may hold, but for ends of lines. */
const CONTROLS = /(?!\n)[\p{Cc}\u202a-\u202e\u2066-\u2069]/u;
const NAME = '\u001b7evil\nrow2 \u202e\u009b31m';
const SHOWN = '\\u001b7evil\\nrow2 \\u202e\\u009b31m';

it('a DAG that has them: every command shows them harmless, as JSON they are whole', async () => {
  const folder = temporaryFolder();
  const data = join(folder, 'data');
  const fabric = await startFabricHere({ data });
  const dag = { name: NAME, labels: { of: NAME }, jobs: [{ id: NAME, executorClass: NAME }] };
  const file = join(folder, 'dag.json');
  await writeFile(file, JSON.stringify(dag));
  const at = ['--url', fabric.url];
  const submitted = await marie(['submit', file, '--id', 'evil', ...at]);
  expect(submitted.code, submitted.stderr).toBe(0);
  const remote = ['list', 'get evil', 'get evil --jobs', 'jobs', 'explain evil', 'graph evil', 'graph evil --mermaid'];
  for (const line of [...remote, 'find evil', 'classes', 'capacity', 'top', 'limits']) {
    const { code, stdout, stderr } = await marie([...line.split(' '), ...at]);
    expect(code, line).toBe(0);
    expect(stdout + stderr, line).not.toMatch(CONTROLS);
    expect(stdout, line).not.toMatch(/^row2/m);
  }
  expect((await marie(['list', ...at])).stdout).toContain(SHOWN);
  const { dags } = JSON.parse((await marie(['list', '--json', ...at])).stdout) as { dags: { name: string }[] };
  expect(dags[0]!.name).toBe(NAME);
  const waited = { name: NAME, jobs: [{ id: NAME, kind: 'noop' }] };
  const ended = await marie(['submit', '-', '--wait', ...at], { stdin: JSON.stringify(waited) });
  expect(ended.code, ended.stderr).toBe(0);
  expect(ended.stderr).toContain(`${SHOWN}: 1/1 done`);
  expect(ended.stdout + ended.stderr).not.toMatch(CONTROLS);
  const refused = await marie(['get', NAME, ...at]);
  expect(refused.code).toBe(4);
  expect(refused.stderr).not.toMatch(CONTROLS);
  await fabric.close();
  const cat = await marie(['journal', 'cat', data]);
  expect(cat.stdout).toContain(SHOWN);
  expect(cat.stdout).not.toMatch(CONTROLS);
});

describe('a plan', () => {
  const job = { id: NAME, executorClass: NAME, run: { time: 1_000 } };
  const plan = {
    duration: 60_000,
    classes: { [NAME]: { slots: 1 } },
    load: [{ name: NAME, arrivals: { load: 2 }, jobs: [job] }],
    goal: { name: NAME, wait: 1 },
  };

  it('that has them is simulated, and they are shown harmless', async () => {
    const { code, stdout } = await marie(['simulate', '-'], { stdin: JSON.stringify(plan) });
    expect(code).toBe(0);
    expect(stdout).toContain(SHOWN);
    expect(stdout).not.toMatch(CONTROLS);
    expect(stdout).not.toMatch(/^row2/m);
  });

  it.each([
    ['of another form', JSON.stringify({ ...plan, [NAME]: 1 })],
    ['that is no YAML', 'a: [\u001b[31m \u009b\u202e'],
  ])('%s: its error shows them harmless', async (_what, stdin) => {
    const { code, stderr } = await marie(['simulate', '-'], { stdin });
    expect(code).toBe(2);
    expect(stderr).not.toMatch(CONTROLS);
  });
});
