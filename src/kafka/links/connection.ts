/** How brokers are reached; what both the fabric and its commands are given. */
import { connect, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import type { ISocketFactory } from 'kafkajs';
import { messageOf } from '../../catalogue/thrown.js';
import type { KafkaCredentials } from './credentials.js';

/** What is needed to reach a Kafka cluster. */
export interface KafkaConnection {
  /** Brokers that are asked first, as `host:port`. */
  readonly brokers: readonly string[];
  /** What brokers call this client in their logs, metrics and quotas. */
  readonly clientId: string;
  /** PEM texts of a TLS connection; without it, plain TCP. */
  readonly tls?: Pick<ConnectionOptions, 'ca' | 'cert' | 'key' | 'servername'>;
  readonly credentials?: KafkaCredentials;
}

/** How long a connection, and a handshake, may take, in ms. */
export const CONNECT_TIMEOUT_MS = 2000;

/** Where a broker listens. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/**
 * Makes sockets without Nagle's delay, and keeps those that are open, so that all can be cut at once, for good: the
 * client itself waits for answers before it lets go, and goes on with its next connection when one is cut.
 */
export class Sockets {
  /** With the addresses to which they lead. */
  readonly #open = new Map<Socket, string>();
  #isCut = false;

  readonly factory: ISocketFactory = ({ host, port, ssl, onConnect }) => {
    const socket = ssl
      ? connectTls({ host, port, ...(isName(host) ? { servername: host } : {}), ...ssl }, onConnect)
      : connect({ host, port }, onConnect);
    socket.setNoDelay(true);
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    // All that the client tells of an error.
    socket.on('error', (error) => {
      error.message = messageOf(error);
    });
    this.#open.set(socket, addressOf({ host, port }));
    socket.on('close', () => this.#open.delete(socket));
    if (this.#isCut) end(socket);
    return socket;
  };

  /** Cuts every connection, and each that is made from now on; requests that wait for an answer are rejected. */
  cut(): void {
    this.#isCut = true;
    for (const socket of this.#open.keys()) end(socket);
  }

  /** How many bytes have come from a broker by the connections that are open. */
  receivedFrom(broker: Address): number {
    const address = addressOf(broker);
    let bytes = 0;
    for (const [socket, to] of this.#open) if (to === address) bytes += socket.bytesRead;
    return bytes;
  }
}

const KEEP_ALIVE_MS = 30_000;

function addressOf({ host, port }: Address): string {
  return `${host}:${port}`;
}

function end(socket: Socket): void {
  socket.destroy(new Error('the connection was dropped'));
}

function isName(host: string): boolean {
  return /[a-z]/i.test(host) && !host.includes(':');
}
