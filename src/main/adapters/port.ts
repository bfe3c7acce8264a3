import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import type { Server as HttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** What listening answers for an address that this machine does not have: ::1 where there is no IPv6. */
const NOT_HERE = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT']);

/** Rejects, as listening would, where nobody can listen there now. Somebody else may still come before this process does. */
export async function checkPort(host: string, port: number): Promise<void> {
  for (const address of await addressesOf(host)) await listenOnce(address, port);
}

/**
 * A port on which the fabric can listen: the wanted one if it is free, else any. It is looked up before the fabric
 * opens, so that its executors can be started beside it with its address.
 */
export async function freePort(host: string, wanted = 0): Promise<number> {
  return wanted !== 0 && (await isFree(host, wanted)) ? wanted : listenOnce(host, 0);
}

/** Whether a port can be listened on. If it can't, executors with its address would go to somebody else's fabric. */
export function isFree(host: string, port: number): Promise<boolean> {
  return listenOnce(host, port).then(
    () => true,
    () => false,
  );
}

/** The port, which of 0 is any that is free. Rejects as listening does. */
async function listenOnce(host: string, port: number): Promise<number> {
  // Who connects meanwhile is sent away: closing waits for all that are connected.
  const server = await hear(host, port, (socket) => socket.destroy());
  const { port: found } = server.address() as AddressInfo;
  await close(server);
  return found;
}

/** Addresses to listen on for a host: for `localhost` all that it stands for, since clients take either. */
export async function addressesOf(host: string): Promise<readonly [string, ...string[]]> {
  if (host !== 'localhost') return [host];
  const [first, ...others] = new Set((await lookup(host, { all: true })).map(({ address }) => address));
  const here: string[] = [];
  for (const address of others) if (await isHere(address)) here.push(address);
  return [first ?? host, ...here];
}

async function isHere(address: string): Promise<boolean> {
  try {
    await checkPort(address, 0);
    return true;
  } catch (error) {
    if (NOT_HERE.has((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

/**
 * Lets a server that listens have the connections of further addresses, too. Fastify by itself would make a server for
 * each, of whose connections nobody keeps account: one with half a request kept the process from ending.
 * @returns what ends that, once the server has begun to close; it resolves when the last of the connections has ended.
 */
export async function listenAlso(server: HttpServer, addresses: readonly string[]): Promise<() => Promise<void>> {
  const { port } = server.address() as AddressInfo;
  const servers: Server[] = [];
  const end = async (): Promise<void> => {
    await Promise.all(servers.map(close));
  };
  try {
    for (const address of addresses) {
      servers.push(await hear(address, port, (socket) => server.emit('connection', socket)));
    }
  } catch (error) {
    void end();
    throw error;
  }
  return end;
}

/** Hears connections as a server of HTTP does: without delay, and an answer may come after the sender's end. */
async function hear(host: string, port: number, take: (socket: Socket) => void): Promise<Server> {
  const server = createServer({ allowHalfOpen: true, noDelay: true }, take);
  server.listen({ host, port });
  await once(server, 'listening');
  return server;
}

async function close(server: Server): Promise<void> {
  server.close();
  await once(server, 'close');
}
