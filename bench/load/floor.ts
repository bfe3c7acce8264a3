import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { Pool } from 'undici';
import { flatSubmission } from '../support/dags.js';
import { type Spread, spreadOf } from '../support/percentiles.js';
import { openLoop } from './open-loop.js';

/** From request to answer of a server that does nothing but append and sync, at each of these rates, in ms. */
export async function floorMs(folder: string, rates: readonly number[], seconds: number): Promise<readonly Spread[]> {
  const server = fork(fileURLToPath(new URL('./floor-server.js', import.meta.url)), [join(folder, 'floor')], {
    execArgv: [],
  });
  try {
    const [port] = (await once(server, 'message')) as [number];
    const pool = new Pool(`http://127.0.0.1:${port}`, { connections: 64 });
    const spreads: Spread[] = [];
    for (const rate of rates) spreads.push(await measure(pool, rate, seconds));
    await pool.close();
    return spreads;
  } finally {
    server.kill('SIGKILL');
  }
}

async function measure(pool: Pool, perSecond: number, seconds: number): Promise<Spread> {
  const answerMs: number[] = [];
  const answers: Promise<void>[] = [];
  await openLoop(perSecond, 1, seconds, () => {
    answers.push(send(pool, answerMs));
  });
  await Promise.all(answers);
  return spreadOf(answerMs);
}

async function send(pool: Pool, answerMs: number[]): Promise<void> {
  const from = performance.now();
  const answer = await pool.request({ method: 'POST', path: '/', body: JSON.stringify(flatSubmission('floor')) });
  await answer.body.dump();
  answerMs.push(performance.now() - from);
}
