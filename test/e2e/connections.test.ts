/** More connections than a process may have files open: the journal and the store keep what they need. */
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { FabricClient } from '../../src/client/index.js';
import { temporaryFolder } from '../support/fabric/fabric.js';
import { compiled, Program } from '../support/fabric/program.js';

/** Files that the process may have open; it has some 70 before anybody connects. */
const FILES = 200;
/** DAGs, each a fifth of the journal's smallest file. */
const [DAGS, INPUT_CHARS, FILE_BYTES] = [12, 200_000, 1024 * 1024];

/** What others send, each over a connection of its own. */
const SENT = {
  'that send nothing': '',
  'that send a blob each, slowly': 'PUT /v1/blobs HTTP/1.1\r\nhost: h\r\ncontent-length: 1000\r\n\r\nx',
};

it.each(Object.entries(SENT))('goes on, with new files of the journal, beside connections %s', async (_, sent) => {
  const folder = temporaryFolder();
  const config = join(folder, 'marie.json');
  writeFileSync(config, JSON.stringify({ journal: { segmentBytes: FILE_BYTES } }));
  const up = ['up', '--data', join(folder, 'data'), '--port', '0', '--config', config, '--json'];
  const limited = [
    '--norc',
    '-c',
    `ulimit -n ${FILES}; exec "$@"`,
    'bash',
    process.execPath,
    compiled('src/cli/main.js'),
  ];
  const fabric = Program.of('bash', [...limited, ...up]);
  const { url } = JSON.parse(await fabric.line()) as { url: string };
  const client = new FabricClient({ url });
  onTestFinished(() => client.close());
  await client.submit({ jobs: [{ id: 'first', kind: 'noop' }] });
  const others = await connectOften(url, 2 * FILES, sent);
  await fabric.saying('further ones are ended');
  const value = 'x'.repeat(INPUT_CHARS);
  const jobs = [{ id: 'a', executorClass: 'ocr', inputs: { text: { value } } }];
  for (let i = 0; i < DAGS; i++) await client.submit({ jobs });
  for (const socket of others) socket.destroy();
  const another = new FabricClient({ url });
  onTestFinished(() => another.close());
  await another.submit({ jobs });
  expect(await fabric.end('SIGTERM')).toEqual({ code: 0, signal: null });
});

/** Connections over which this is sent, once each is open or was ended. */
async function connectOften(url: string, times: number, sent: string): Promise<readonly Socket[]> {
  const { hostname, port } = new URL(url);
  return Promise.all(
    Array.from({ length: times }, async () => {
      const socket = connect(Number(port), hostname);
      socket.on('error', () => undefined);
      await Promise.race([once(socket, 'connect'), once(socket, 'close')]);
      socket.write(sent);
      return socket;
    }),
  );
}
