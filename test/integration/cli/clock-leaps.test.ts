/** A wall clock that leaps, as after a suspended machine goes on: who operates the fabric is told, and of what to do. */
import { pino } from 'pino';
import { expect, it, onTestFinished, vi } from 'vitest';
import { checkConfig } from '../../../src/main/config/config.js';
import { upEmbedded } from '../../../src/main/up.js';
import { temporaryFolder } from '../../support/fabric/fabric.js';
import { PATIENT } from '../../support/patience.js';
import { ScriptedServer } from '../../support/scripted-server.js';
import { clientOf, read, startFabric } from '../gateway/setup.js';
import { marie } from './setup.js';

const HOUR_MS = 3_600_000;

/** A fabric whose wall clock can be made to leap, and the warnings that it has logged. */
async function startLeaping() {
  const told: { readonly aheadMs?: number; readonly todo?: string }[] = [];
  const logger = pino({ level: 'warn' }, { write: (line) => told.push(JSON.parse(line)) });
  const fabric = await startFabric({}, { logger });
  const now = Date.now.bind(Date);
  const leap = (ms: number): void => {
    const clock = vi.spyOn(Date, 'now').mockImplementation(() => now() + ms);
    onTestFinished(() => clock.mockRestore());
  };
  const clockText = async (command: string): Promise<string> => {
    const { code, stdout } = await marie([...command.split(' '), '--url', fabric.url]);
    expect(code).toBe(0);
    return stdout.split('\n').find((line) => line.includes('the clock is')) ?? '';
  };
  const metric = async (): Promise<number> => {
    const text = await (await fetch(`${fabric.url}/metrics`)).text();
    return Number(/^marie_clock_ahead_ms (\S+)$/m.exec(text)?.[1]);
  };
  const aheadMs = async (): Promise<number> => (await read<{ clockAheadMs: number }>(fabric, '/v1/cell')).clockAheadMs;
  return { fabric, told, leap, clockText, metric, aheadMs };
}

it.each([
  ['ahead', HOUR_MS, /^the clock is (1 h 0|59|60) min.* ahead and not followed: marie cell accept-clock$/],
  ['back', -HOUR_MS, /^the clock is (1 h 0|59|60) min.* behind: journal time goes slower/],
])('a clock that leaps %s is told in the log, as a metric, in the cell and by commands', async (_name, ms, text) => {
  const { told, leap, clockText, metric, aheadMs } = await startLeaping();
  for (const read of [metric, aheadMs]) expect(Math.abs(await read())).toBeLessThan(5000);
  for (const command of ['cell', 'top']) expect(await clockText(command)).toBe('');
  leap(ms);
  await vi.waitFor(() => expect(told.filter((line) => line.aheadMs !== undefined)).toHaveLength(1), PATIENT);
  expect(told.find((line) => line.aheadMs !== undefined)?.todo).toContain('marie cell accept-clock');
  for (const read of [metric, aheadMs]) expect(Math.abs((await read()) - ms)).toBeLessThan(10_000);
  for (const command of ['cell', 'top']) expect(await clockText(command)).toMatch(text);
});

it('a fabric that was down for more than an hour asks whether the clock is right, with both moments', async () => {
  const data = temporaryFolder();
  const start = (acceptClock: boolean) =>
    upEmbedded({ ...checkConfig({ data, port: 0 }), acceptClock, logger: pino({ level: 'silent' }) });
  const first = await start(false);
  await first.close();
  const lastTurnMs = first.fabric.leader.atMs;
  const clock = vi.spyOn(Date, 'now').mockReturnValue(lastTurnMs + 31 * HOUR_MS);
  onTestFinished(() => clock.mockRestore());
  const [lastTurn, now] = [lastTurnMs, lastTurnMs + 31 * HOUR_MS].map((ms) => new Date(ms).toISOString());
  await expect(start(false)).rejects.toMatchObject({
    code: 'clock-not-accepted',
    message: expect.stringContaining(`was written at ${lastTurn}, and the clock says ${now}`),
  });
  await (await start(true)).close();
});

it.each(['cell', 'top'])('a fabric from before it was told says nothing of the clock: marie %s', async (command) => {
  const older = await ScriptedServer.start();
  onTestFinished(() => older.stop());
  const at = { cell: 'main', turn: 129, atMs: 1_795_953_414_324, epoch: 1, policy: 'default@1', stateHash: '' };
  older.json('GET', /cell$/, 200, { ...at, openDags: 1, knownJobs: 603, readyJobs: 0, inboxWaiting: 0 });
  older.json('GET', /./, 200, { classes: [], signals: [], series: [] });
  const { stdout } = await marie([command, '--url', older.url]);
  expect(stdout).toContain('default@1');
  expect(stdout).not.toContain('clock');
  const { stdout: json } = await marie([command, '--json', '--url', older.url]);
  expect(JSON.parse(json)).toMatchObject({ cell: 'main', clockAheadMs: null });
});

it.each([
  [HOUR_MS, [1_000 + HOUR_MS], 0],
  [null, [], 2],
])(
  'marie cell accept-clock asks the fabric, not this machine, how far its clock is ahead: %s',
  async (ahead, sent, exit) => {
    const fabric = await ScriptedServer.start();
    onTestFinished(() => fabric.stop());
    fabric.json('GET', /cell$/, 200, { cell: 'main', turn: 1, atMs: 500, nowMs: 1_000, clockAheadMs: ahead });
    fabric.json('PUT', /clock$/, 200, { turn: 2, atMs: 1_000, duplicate: false });
    expect((await marie(['cell', 'accept-clock', '--url', fabric.url])).code).toBe(exit);
    const put = fabric.seen.filter(({ method }) => method === 'PUT');
    expect(put.map(({ body }) => JSON.parse(body).clockAtMs)).toEqual(sent);
  },
);

it('one that leapt ahead is followed when it is accepted: what was due is done, and nothing more is told', async () => {
  const { fabric, told, leap, clockText, aheadMs } = await startLeaping();
  const client = clientOf(fabric);
  const start = Date.now();
  await client.submit({
    id: 'late',
    hardDeadlineAtMs: start + HOUR_MS / 2,
    jobs: [{ id: 'a', executorClass: 'nobody' }],
  });
  leap(HOUR_MS);
  expect((await client.get('late')).state).toBe('open');
  await client.operations.acceptClock(Date.now());
  await vi.waitFor(async () => expect((await client.get('late')).state).toBe('failed'), PATIENT);
  expect(Math.abs(await aheadMs())).toBeLessThan(5000);
  expect(await clockText('cell')).toBe('');
  const count = told.length;
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect(told.slice(count).filter(({ todo }) => todo !== undefined)).toEqual([]);
});
