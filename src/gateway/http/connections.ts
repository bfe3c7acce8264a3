import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import { STREAM_STALL_MS } from '../../edge/limits.js';
import type { Timers } from '../../edge/ports.js';
import type { App } from '../deps.js';

/** How long requests that are under way may take when the server closes, in ms. */
const GRACE_MS = 5_000;

/** Requests that may wait on one connection for the answers before them: each takes some KB. */
const MOST_WAITING = 100;

/**
 * Keeps account of the connections on which no request is under way, and ends them when the server closes; every other
 * one ends with its last answer, or is cut after a while: who sends no more of a body, or reads no more of an answer,
 * would keep the server from closing for ever. Node by itself waits for the time-outs of connections that were opened
 * ahead and never had a request, and of those that become idle while it closes.
 * @returns what to call when the server begins to close.
 */
export function endConnectionsOf(server: Server, timers: Timers): () => void {
  const requests = new Map<Socket, number>();
  let closing = false;
  const settle = (socket: Socket, change: number): void => {
    const before = requests.get(socket);
    if (before === undefined) return;
    const open = before + change;
    requests.set(socket, open);
    if (closing && open === 0) socket.destroySoon();
  };
  let ceaseToWait = (): void => undefined;
  server.on('connection', (socket: Socket) => {
    requests.set(socket, 0);
    socket.once('close', () => {
      requests.delete(socket);
      if (requests.size === 0) ceaseToWait();
    });
    if (closing) socket.destroySoon();
  });
  server.on('request', ({ socket }, response) => {
    settle(socket, 1);
    response.once('close', () => settle(socket, -1));
  });
  return () => {
    closing = true;
    for (const [socket, open] of requests) if (open === 0) socket.destroySoon();
    const cut = (): void => {
      for (const socket of requests.keys()) socket.destroy();
    };
    if (requests.size > 0) ceaseToWait = timers.after(GRACE_MS, cut);
  };
}

/**
 * Ends connections at once that are beyond so many, and tells when it begins to. Who opens them would else take the files
 * that the journal and the store need, and a journal that can't open its next file ends the process.
 */
export function limitConnections(server: Server, most: number, tell: (open: number) => void): void {
  let open = 0;
  let isTold = false;
  server.on('connection', (socket: Socket) => {
    if (open >= most) {
      if (!isTold) tell(open);
      isTold = true;
      socket.destroy();
      return;
    }
    open++;
    socket.once('close', () => {
      open--;
      // Told again once it has been much better.
      if (open <= most / 2) isTold = false;
    });
  });
}

/**
 * Lets a request that came over its connection before those ahead of it were answered wait until they are. Node begins with
 * all of them at once, and of an answer whose turn never comes it does not say that its connection has ended: a stream would
 * keep its place for ever, and of one blob who asks for it so a thousand times has a thousand files opened.
 */
export function answerInTurn(app: App): void {
  const waiting = new WeakMap<Socket, number>();
  app.addHook('onRequest', ({ raw: { socket } }, { raw: response }, done) => {
    if (response.socket !== null) {
      done();
      return;
    }
    const ahead = waiting.get(socket) ?? 0;
    if (ahead === MOST_WAITING) {
      socket.destroy();
      return;
    }
    waiting.set(socket, ahead + 1);
    response.once('socket', () => {
      waiting.set(socket, waiting.get(socket)! - 1);
      // Node is about to send what was written before.
      queueMicrotask(done);
    });
  });
}

/**
 * Closes the connection of a request that is answered before its body has come to an end in two steps: first our side,
 * then, when the sender has closed its own or sends nothing more, the rest. What comes meanwhile is read and dropped. At
 * once, the rest of the body would meet a connection that is reset, and most senders would hear of that only, not of what
 * they were answered (RFC 9112, 9.6).
 */
export function closeGently({ complete, socket }: IncomingMessage): void {
  if (complete) return;
  socket.destroySoon = () => {
    Reflect.deleteProperty(socket, 'destroySoon');
    socket.setTimeout(STREAM_STALL_MS, () => socket.destroy());
    socket.end();
  };
}
