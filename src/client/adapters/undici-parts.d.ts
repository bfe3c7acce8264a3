/** Parts of undici that have no types of their own. */
declare module 'undici/lib/dispatcher/pool.js' {
  import { Pool } from 'undici';
  export default Pool;
}

declare module 'undici/lib/api/api-request.js' {
  import type { Dispatcher } from 'undici';
  /** `Dispatcher.request`, which undici's index puts on the dispatcher. */
  export default function request(
    this: Dispatcher,
    options: Dispatcher.RequestOptions,
  ): Promise<Dispatcher.ResponseData>;
}

declare module 'undici/lib/core/connect.js' {
  import type { Socket } from 'node:net';
  import type { buildConnector } from 'undici';
  /** Gives the socket, too, which undici's types leave out. */
  export type Connector = (options: buildConnector.Options, done: buildConnector.Callback) => Socket;
  export default function connectorOf(options: buildConnector.BuildOptions): Connector;
}
