import { ClientCode, FabricClient, FabricError } from '../client/index.js';
import { DEFAULT_TENANT, DEFAULT_URL } from '../main/config/defaults.js';
import type { RemoteOptions } from './arguments.js';
import { CliError, Exit, misuse } from './exit.js';
import { Interrupted } from './terminal/interrupt.js';
import type { Io } from './terminal/io.js';
import { sh } from './text/shell.js';

/** A person who types a command wants to know soon that nobody answers. */
const PATIENCE = { attempts: 3 };

/** What the library of TLS says, in words of its own and with places in its sources; what it means, and the way out. */
const OF_TLS: readonly (readonly [said: RegExp, what: string, todo: string])[] = [
  [
    /wrong.version.number/i,
    'what answers there does not speak https',
    'Name it with http://, or name the proxy that speaks TLS for it.',
  ],
  [
    /self.signed certificate|issuer certificate|verify the first certificate/i,
    'nobody known here has signed the certificate of what answers there',
    'If it is the right one, name the file with the certificate of its authority in NODE_EXTRA_CA_CERTS.',
  ],
];

/** So much is shown of a page that somebody else answers with. */
const PAGE_LENGTH = 80;

/**
 * Calls the fabric that the options name, and ends the connections however it goes; at a signal at once, whatever is asked
 * of whom, with `Interrupted`.
 */
export async function withFabric<T>(
  options: RemoteOptions,
  call: (client: FabricClient) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const client = connect(options);
  signal?.addEventListener('abort', () => void client.close());
  try {
    return await call(client);
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof FabricError)) throw error;
    if (error.cause instanceof Interrupted) throw error.cause;
    const said = error.message.slice(`${error.code}: `.length);
    if (error.isOfOther) throw noFabric(options.url, error.status, said);
    throw error.code === ClientCode.Unreachable ? unreachable(options.url, said) : error;
  } finally {
    await client.close();
  }
}

/** The address was checked with the options: what else can be wrong stands in the environment. */
function connect({ url, tenant }: RemoteOptions): FabricClient {
  try {
    return new FabricClient({ url, tenant, patience: PATIENCE });
  } catch (error) {
    throw misuse((error as TypeError).message, { where: 'the environment' });
  }
}

function unreachable(where: string, reason: string): CliError {
  const [, what, todo] = OF_TLS.find(([said]) => said.test(reason)) ?? [];
  return new CliError(Exit.Unreachable, 'unreachable', what ?? `no fabric answers (${reason})`, {
    where,
    ...(todo === undefined ? {} : { todo }),
  });
}

/** A web server that is none of ours: of its page only the beginning is told, in one line. */
function noFabric(where: string, status: number, page: string): CliError {
  const beginning = page.replace(/\s+/g, ' ').trim().slice(0, PAGE_LENGTH);
  const how = status === 0 ? beginning : `${status}: ${beginning}`;
  const what = `what answers there is no fabric (${how})`;
  return new CliError(Exit.Unreachable, 'bad-answer', what, { where });
}

/**
 * Suggests a command that speaks to the same fabric about the same tenant: it works as it is written. Without a tenant,
 * the command is about none, or says whose it is itself.
 */
export function suggest(
  io: Io,
  { url, tenant }: Pick<RemoteOptions, 'url'> & Partial<RemoteOptions>,
  command: string,
  what: string,
): void {
  const { MARIE_URL = DEFAULT_URL } = process.env;
  const here = url === MARIE_URL ? '' : sh` --url ${url}`;
  io.next(`${command}${here}${tenant === undefined ? '' : tenantOption(tenant)}`, what);
}

/** The option that makes a command one of this tenant, where it wouldn't be. */
export function tenantOption(tenant: string): string {
  const { MARIE_TENANT = DEFAULT_TENANT } = process.env;
  return tenant === MARIE_TENANT ? '' : sh` --tenant ${tenant}`;
}
