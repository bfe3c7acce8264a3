/** The executor in docs/executor-protocol.md runs as it stands there. */
import { spawn, spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Code } from '../../../src/catalogue/generated/codes.js';
import type { CompleteJob, EventEntry } from '../../../src/catalogue/generated/types.js';
import { dispatchOf, startGateway } from '../../support/gateway.js';
import { takeRegistrations } from '../../support/registrations.js';

const hasPython = spawnSync('python3', ['--version']).status === 0;

function granted(token: number): EventEntry[] {
  return [
    { code: Code.LeaseGranted, cause: -2, body: { token, dag: 1, job: 0, attempt: 1, executor: 1 } },
    { code: Code.JobDispatched, cause: -2, body: { token, dag: 1, job: 0, evidence: {} as never, deadline: null } },
  ];
}

// The fabric needs no Python: where there is none, its example cannot be run.
it.skipIf(!hasPython)('is an executor', async () => {
  const gateway = await startGateway();
  takeRegistrations(gateway);
  gateway.views.resolve = (token) => dispatchOf(token, `{"text":"hello ${token}"}`);
  gateway.views.unacknowledgedOf.set(1, [1]);
  gateway.views.holders.set(9, 1);
  const protocol = await readFile('docs/executor-protocol.md', 'utf8');
  const program = join(gateway.blobRoot, 'executor.py');
  await writeFile(program, /```python\n([\s\S]*?)```/u.exec(protocol)?.[1] ?? '');
  const child = spawn('python3', [program, gateway.url, 'shouter'], { stdio: ['ignore', 'inherit', 'pipe'] });
  try {
    const bodies = (code: number) =>
      gateway.inbox.inputs.filter((input) => input.code === code).map(({ body }) => body);
    await expect.poll(() => bodies(Code.CompleteJob).length).toBe(1);
    gateway.outbox.publish(1, [...granted(2), { code: Code.SlotReclaiming, cause: -1, body: { token: 9 } }]);
    await expect.poll(() => bodies(Code.CompleteJob).length).toBe(2);
    await expect.poll(() => bodies(Code.ReturnJob).length).toBe(1);
    const outputs = bodies(Code.CompleteJob).map((body) => String((body as CompleteJob).output));
    expect(outputs).toEqual(['{"text": "HELLO 1"}', '{"text": "HELLO 2"}']);
    expect(bodies(Code.RegisterExecutor)[0]).toMatchObject({ executor: 'shouter', executorClass: 'shout', slots: 4 });
    expect(bodies(Code.Heartbeat).length).toBeGreaterThan(0);
    gateway.outbox.publish(2, [{ code: Code.ExecutorLost, cause: -1, body: { executor: 1 } }]);
    await expect.poll(() => bodies(Code.RegisterExecutor).length).toBe(2);
  } finally {
    child.kill('SIGKILL');
    await gateway.close();
  }
});
