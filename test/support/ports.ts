import { randomInt } from 'node:crypto';
import { createServer, type Server } from 'node:net';

/**
 * Below the ports that systems give to outgoing connections: one of those must not take a port between two uses. Nor must
 * another worker's test, so that each worker of Vitest has a part of them to itself.
 */
const LOWEST = 10_000;
const HIGHEST = 32_000;
const PARTS = 4;
const PART = (HIGHEST - LOWEST) / PARTS;
const FIRST = LOWEST + PART * (Number(process.env.VITEST_POOL_ID ?? 0) % PARTS);

/** Ports of an address of this machine that nobody listens on. All are held until all are known, so that they differ. */
export async function freePorts(count: number, host = '127.0.0.1'): Promise<number[]> {
  const held = await Promise.all(Array.from({ length: count }, () => hold(host)));
  await Promise.all(held.map(({ server }) => new Promise((closed) => server.close(closed))));
  return held.map(({ port }) => port);
}

/** One such port. */
export async function freePort(host?: string): Promise<number> {
  const [port] = await freePorts(1, host);
  return port!;
}

async function hold(host: string): Promise<{ readonly port: number; readonly server: Server }> {
  for (;;) {
    const port = randomInt(FIRST, FIRST + PART);
    const server = await listen(host, port);
    if (server !== null) return { port, server };
  }
}

/** Null when somebody else has the port. */
function listen(host: string, port: number): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(null);
      else reject(error);
    });
    server.listen(port, host, () => resolve(server));
  });
}
