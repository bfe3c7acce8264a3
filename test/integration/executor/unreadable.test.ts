import { describe, expect } from 'vitest';
import { type LogLine, quietLog } from '../../support/quiet-log.js';
import { ID, it, startExecutor } from './setup.js';

describe('an executor whose stream is not what it should be', () => {
  it('outlives messages that can not be read: its own job fails for good, and no other is touched', async ({
    fake,
  }) => {
    const lines: LogLine[] = [];
    const running = await startExecutor(fake, () => 'well', { log: quietLog(lines) });
    const token = 'main.1.9.1.9';
    const broken = `{"type":"dispatch","token":"${token}","inputs":{"i":\ufeff1}}\n`;
    for (const text of [broken, broken, 'no JSON\n', 'null\n', '{"type":"dispatch"}\n']) fake.sendText(ID, text);
    const good = fake.dispatch(ID);
    await fake.until(() => fake.terminals().length === 2);
    expect(fake.terminals(token)).toMatchObject([{ type: 'fail', code: 'dispatch-unreadable', retryable: false }]);
    expect(fake.terminals(token)[0]?.['message']).toContain('Unexpected token');
    expect(fake.terminals(good)).toMatchObject([{ type: 'complete', output: 'well' }]);
    expect(fake.registrations).toHaveLength(1);
    expect(running.executors[0]!.stats()).toMatchObject({ completed: 1, failed: 1, repeated: 1 });
    const warned = lines.filter(({ level }) => level === 'warn').map(({ message }) => message);
    const unknown = 'a message can not be read, nobody knows whom it concerns';
    expect(warned).toEqual(['a dispatch can not be read, its job fails', unknown, unknown, unknown]);
  });

  it('tells anew of a dispatch that it can not read where the fabric did not take that it fails', async ({ fake }) => {
    const running = await startExecutor(fake, () => 'well');
    const stats = () => running.executors[0]!.stats();
    const token = 'main.1.9.1.9';
    const broken = `{"type":"dispatch","token":"${token}","inputs":{"i":\ufeff1}}\n`;
    const answers = [{ accepted: false, code: 'invalid-value', detail: 'no' } as const];
    fake.answer = ({ type }) => (type === 'fail' ? answers.shift() : undefined) ?? { accepted: true, turn: 1 };
    fake.sendText(ID, broken);
    await expect.poll(() => stats().refused).toBe(1);
    fake.sendText(ID, broken);
    await fake.until(() => fake.terminals(token).length === 2);
    // Once it is taken, it is a repeat like any other.
    const good = fake.dispatch(ID);
    await fake.until(() => fake.terminals(good).length === 1);
    fake.sendText(ID, broken);
    await expect.poll(() => stats().repeated).toBe(1);
    expect(fake.terminals(token)).toHaveLength(2);
  });

  it('comes back less and less often where each stream breaks as soon as it is open', async ({ fake }) => {
    fake.interceptors.push((method, path, response) => {
      if (method !== 'GET' || !path.includes('/dispatches') || path.includes('waitMs')) return false;
      response.end();
      return true;
    });
    const lines: LogLine[] = [];
    await startExecutor(fake, () => null, { log: quietLog(lines) });
    const delays = () => lines.flatMap(({ delayMs }) => (typeof delayMs === 'number' ? [delayMs] : []));
    await expect.poll(() => delays().length).toBeGreaterThan(5);
    expect(delays()[0]).toBeLessThanOrEqual(50);
    expect(delays()[5]).toBeGreaterThanOrEqual(800);
  });
});
