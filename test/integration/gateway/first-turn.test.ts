/** What time has done while a fabric was down is decided in its first turn: it is told of like all else. */
import { pino } from 'pino';
import { expect, it, onTestFinished } from 'vitest';
import { checkConfig } from '../../../src/main/config/config.js';
import { upEmbedded } from '../../../src/main/up.js';
import { temporaryFolder } from '../../support/fabric/fabric.js';
import { clientOf } from './setup.js';

it('of a DAG that failed while the fabric was down the log, the signals and the metrics tell once it is back', async () => {
  const data = temporaryFolder();
  const lines: Record<string, unknown>[] = [];
  const logger = pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  const start = () => upEmbedded({ ...checkConfig({ data, port: 0 }), acceptClock: false, logger });
  const first = await start();
  const hardDeadlineAtMs = Date.now() + 2_000;
  await clientOf(first).submit({ id: 'late', hardDeadlineAtMs, jobs: [{ id: 'a', executorClass: 'nobody' }] });
  await first.close();
  const { turn } = first.fabric.leader;
  await expect.poll(() => Date.now()).toBeGreaterThan(hardDeadlineAtMs);

  const second = await start();
  onTestFinished(() => second.close());
  const metrics = await (await fetch(`${second.url}/metrics`)).text();
  const metric = (name: string): number => Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(metrics)?.[1]);
  expect(metric('marie_turns_total')).toBe(metric('marie_turn') - turn);
  const told = () => lines.map(({ msg, dagId }) => [msg, dagId]);
  await expect.poll(told).toContainEqual(['DagFailed', 'late']);
  expect(told().filter(([msg]) => msg === 'LeaderElected')).toHaveLength(2);
  // That it was down is no news: who starts it again has no warning of that.
  expect(lines.find(({ msg, turn: of }) => msg === 'TimeLeapt' && of === turn + 1)).toMatchObject({ level: 30 });
});
