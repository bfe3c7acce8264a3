import { createServer } from 'node:net';

/**
 * A port on which the fabric can listen: the first of these that is free, else any. It is looked up before the fabric
 * opens, so that its executors can be started beside it with its address.
 */
export async function freePort(host: string, ...wanted: readonly number[]): Promise<number> {
  for (const port of wanted) {
    const found = await listenOnce(host, port);
    if (found !== null) return found;
  }
  const any = await listenOnce(host, 0);
  if (any === null) throw new Error(`no port of ${host} is free`);
  return any;
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
