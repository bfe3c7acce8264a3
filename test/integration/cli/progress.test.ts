/** How a DAG comes on, in a terminal and in a pipe. */
import { afterEach, describe, expect, it } from 'vitest';
import { FabricClient } from '../../../src/client/index.js';
import { type RunningExecutors, runExecutors } from '../../../src/executor/index.js';
import { Pty } from '../../support/pty.js';
import { quietLog } from '../../support/quiet-log.js';
import { MARIE, marie, startFabricHere } from './setup.js';

const ESC = '\u001b';
const PAGES = 200;

let executors: RunningExecutors;
afterEach(() => executors?.close(0));

/** A fabric with an open DAG of many short jobs, and an executor that does two at a time. */
async function slowDag(): Promise<string> {
  const { url } = await startFabricHere();
  const client = new FabricClient({ url });
  const jobs = [
    { id: 'page', executorClass: 'ocr', fanOut: { count: PAGES } },
    { id: 'merge', kind: 'noop', after: ['page'] },
  ] as const;
  await client.submit({ id: 'd', jobs });
  await client.close();
  const run = (): Promise<null> => new Promise((resolve) => setTimeout(resolve, 50, null));
  const executor = { id: 'e', class: 'ocr', slots: 2, run };
  executors = await runExecutors({ url, handleSignals: false, log: quietLog(), executors: [executor] });
  return url;
}

describe('marie wait', () => {
  it('shows the rate and how long the rest takes, and gives the terminal back at Ctrl-C', async () => {
    const pty = new Pty([process.execPath, MARIE, 'wait', 'd', '--url', await slowDag()]);
    await pty.showing(/all .*\d+\/202 \d[\d.]*\/s, about \d+ s left/);
    pty.type('\u0003');
    expect(await pty.ended()).toBe(130);
    expect(pty.said).toContain('no longer waiting; the DAG goes on: marie get d');
    expect(pty.said.lastIndexOf(`${ESC}[?25h`)).toBeGreaterThan(pty.said.lastIndexOf(`${ESC}[?25l`));
  });

  it('is lines without escape codes in a pipe, and only data with --json', async () => {
    const url = await slowDag();
    const [text, json] = await Promise.all([
      marie(['wait', 'd', '--url', url]),
      marie(['wait', 'd', '--url', url, '--json']),
    ]);
    expect([text.code, json.code]).toEqual([0, 0]);
    expect(text.stderr).toMatch(/page: \d+\/200 done, 2 running\n/);
    expect(text.stdout + text.stderr).not.toContain(ESC);
    expect(JSON.parse(json.stdout)).toMatchObject({ dagId: 'd', state: 'succeeded' });
  });
});
