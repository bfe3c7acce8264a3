import type { KafkaConnection } from './connection.js';

/** Of each cluster, as `host:port`, the brokers of which one of them has told last. */
const told = new WeakMap<KafkaConnection, readonly string[]>();

/** Which of those that are named is asked first the next time. */
let turn = 0;

/**
 * The brokers to ask one after the other: those that are named, by turns, and then those of which they have told. Who is
 * named alone may be away for long while the others serve.
 */
export function brokersToAsk(connection: KafkaConnection): readonly string[] {
  const { brokers } = connection;
  const first = turn++ % brokers.length;
  return [...new Set([...brokers.slice(first), ...brokers.slice(0, first), ...(told.get(connection) ?? [])])];
}

/** A broker says which ones there are. */
export function brokersTold(
  connection: KafkaConnection,
  brokers: readonly { readonly host: string; readonly port: number }[],
): void {
  // The client can't be given an IPv6 address to begin with.
  const named = brokers.filter(({ host }) => !host.includes(':'));
  told.set(
    connection,
    named.map(({ host, port }) => `${host}:${port}`),
  );
}
