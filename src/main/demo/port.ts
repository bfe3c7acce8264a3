import { createServer } from 'node:net';

/**
 * A port on which the fabric can listen: the wanted one if it is free, else any. It is looked up before the fabric
 * opens, so that its executors can be started beside it with its address.
 */
export async function freePort(host: string, wanted = 0): Promise<number> {
  const found = (await listenOnce(host, wanted)) ?? (await listenOnce(host, 0));
  if (found === null) throw new Error(`no port of ${host} is free`);
  return found;
}

/** Whether a port can be listened on. If it can't, executors with its address would go to somebody else's fabric. */
export async function isFree(host: string, port: number): Promise<boolean> {
  return (await listenOnce(host, port)) !== null;
}

/** The port, when it could be listened on; null when it is taken. */
function listenOnce(host: string, port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen(port, host, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : port));
    });
  });
}
