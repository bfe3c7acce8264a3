import { once } from 'node:events';
import { createServer } from 'node:net';

/** Rejects, as listening would, where nobody can listen there now. Somebody else may still come before this process does. */
export async function checkPort(host: string, port: number): Promise<void> {
  // Who connects meanwhile is sent away: closing waits for all that are connected.
  const server = createServer((socket) => socket.destroy());
  server.listen({ host, port });
  await once(server, 'listening');
  server.close();
  await once(server, 'close');
}
