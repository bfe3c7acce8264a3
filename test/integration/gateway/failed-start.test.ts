/** A start that fails when parts of it are open already: whoever embeds the fabric may try again in the same process. */
import { createServer } from 'node:net';
import { expect, it, onTestFinished, vi } from 'vitest';
import { systemTimers } from '../../../src/main/adapters/system.js';
import { checkConfig } from '../../../src/main/config/config.js';
import { SnapshotTaker } from '../../../src/main/snapshots.js';
import { openLog } from '../../../src/main/telemetry.js';
import { up, upEmbedded } from '../../../src/main/up.js';
import { EmbeddedOutbox } from '../../../src/outbox/embedded.js';
import { Leader } from '../../../src/scheduler/leader.js';
import { temporaryFolder } from '../../support/fabric/fabric.js';

/** A port of this machine that somebody else listens on. */
async function portInUse(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as { port: number }).port;
}

/** Notes what a call begins, and takes it off when it is ended. */
function ending(open: Set<string>, what: string, end: () => void): () => void {
  open.add(what);
  return () => {
    open.delete(what);
    end();
  };
}

it('leaves no subscription and no timer behind', async () => {
  const port = await portInUse();
  const open = new Set<string>();
  let begun = 0;
  const { subscribe } = EmbeddedOutbox.prototype;
  vi.spyOn(EmbeddedOutbox.prototype, 'subscribe').mockImplementation(function (this: EmbeddedOutbox, listener) {
    return ending(open, `subscription ${begun++}`, subscribe.call(this, listener));
  });
  const { every } = systemTimers;
  vi.spyOn(systemTimers, 'every').mockImplementation((periodMs, run) =>
    ending(open, `timer ${begun++} of ${periodMs} ms`, every(periodMs, run)),
  );
  onTestFinished(() => void vi.restoreAllMocks());
  const config = checkConfig({ data: temporaryFolder(), port });
  for (let tries = 0; tries < 2; tries++) {
    // The port is looked at before anything is opened; here somebody takes it after that.
    const starting = upEmbedded({ ...config, acceptClock: false, logger: openLog('silent', 'main') });
    await expect(starting).rejects.toMatchObject({ code: 'EADDRINUSE' });
    expect([...open]).toEqual([]);
  }
  expect(begun).toBeGreaterThan(4);
});

it('throws its own error and gives back the locks, whatever fails while it ends', async () => {
  const data = temporaryFolder();
  const options = { acceptClock: false, logger: openLog('silent', 'main') };
  vi.spyOn(Leader.prototype, 'stop').mockRejectedValue(new Error('the leader can not stop'));
  onTestFinished(() => void vi.restoreAllMocks());
  const starting = upEmbedded({ ...checkConfig({ data, port: await portInUse() }), ...options });
  await expect(starting).rejects.toMatchObject({ code: 'EADDRINUSE' });
  vi.restoreAllMocks();
  const running = await up({ ...checkConfig({ data, port: 0 }), ...options });
  await running.close();
});

it('a fabric whose end fails in one part ends the others, and throws the first error', async () => {
  const config = { ...checkConfig({ data: temporaryFolder(), port: 0 }), acceptClock: false };
  const running = await up(config);
  vi.spyOn(SnapshotTaker.prototype, 'close').mockRejectedValueOnce(new Error('the first'));
  vi.spyOn(Leader.prototype, 'stop').mockRejectedValueOnce(new Error('the second'));
  onTestFinished(() => void vi.restoreAllMocks());
  await expect(running.close()).rejects.toThrow('the first');
  await expect(fetch(running.url)).rejects.toThrow();
  await (await up(config)).close();
});
