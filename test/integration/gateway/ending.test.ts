/** A fabric that was told to end, and still has something to bring to its end. */
import { expect, it, onTestFinished, vi } from 'vitest';
import { SnapshotTaker } from '../../../src/main/snapshots.js';
import { clientOf, startFabric } from './setup.js';

it('is not ready while a snapshot is brought to its end, though it serves who is there', async () => {
  const running = await startFabric();
  const client = clientOf(running);
  let goOn = (): void => undefined;
  const taking = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  vi.spyOn(SnapshotTaker.prototype, 'close').mockReturnValueOnce(taking);
  onTestFinished(() => void vi.restoreAllMocks());
  const closed = running.close();
  const ready = await fetch(`${running.url}/readyz`);
  expect([ready.status, await ready.json()]).toMatchObject([503, { detail: 'the fabric is stopping' }]);
  await client.submit({ id: 'late', jobs: [{ id: 'a', kind: 'noop' }] });
  goOn();
  await closed;
});
