/**
 * The gateway: the fabric over HTTP. It validates, hands inputs to the inbox, answers after their turn is durable,
 * reads the local fold, and streams what the outbox gives out. It decides nothing.
 */
import fastify, { LogController } from 'fastify';
import { CONTROL_BYTES, REQUEST_MS, STREAM_STALL_MS } from '../edge/limits.js';
import { Refusal } from '../edge/problems.js';
import type { Gateway } from './context.js';
import type { App, GatewayDeps, GatewayOptions } from './deps.js';
import { DispatchHub } from './dispatch/hub.js';
import { History } from './history.js';
import { refuseEncoded } from './http/bodies.js';
import { answerInTurn, endConnectionsOf, limitConnections } from './http/connections.js';
import { answerErrors } from './http/errors.js';
import { standForTurns } from './http/turns.js';
import { answerBadAddress, answerClientError, answerForNode } from './http/unparsed.js';
import { validateByZod } from './http/validate.js';
import { Feed } from './lifecycle/feed.js';
import { measure } from './metrics.js';
import { describeRoutes } from './openapi.js';
import { blobRoutes } from './routes/blobs.js';
import { callbackRoutes } from './routes/callbacks.js';
import { cellReads, executorControls, limitControls } from './routes/cell.js';
import { childrenRoute } from './routes/children.js';
import { dagControls, jobControls, signalRoute } from './routes/controls.js';
import { errorRoutes } from './routes/errors.js';
import { dispatchRoutes, registrationRoutes } from './routes/executors.js';
import { explainRoutes } from './routes/explain.js';
import { lifecycleRoutes } from './routes/lifecycle.js';
import { listingRoutes } from './routes/listings.js';
import { readRoutes } from './routes/reads.js';
import { signalRoutes } from './routes/signals.js';
import { submitRoutes } from './routes/submit.js';
import { systemRoutes } from './routes/system.js';
import { PressureCache } from './signals/pressure-cache.js';
import { SignalRecorder } from './signals/recorder.js';
import { Streams } from './streams.js';

export { BlobDirectory } from '../blobs/directory.js';
export type { Timers } from '../edge/ports.js';
export type { App, GatewayDeps, GatewayOptions } from './deps.js';

/** Dispatch and lifecycle streams that are served at once. */
const MAX_STREAMS = 10_000;

/** Longest parameter of an address: a name of 256 bytes may be three times as long when it is escaped. */
const PARAM_CHARS = 1_024;

/** Routes, in groups that read bodies alike. */
const GROUPS = [
  submitRoutes,
  callbackRoutes,
  dispatchRoutes,
  registrationRoutes,
  dagControls,
  jobControls,
  signalRoute,
  readRoutes,
  childrenRoute,
  explainRoutes,
  listingRoutes,
  lifecycleRoutes,
  cellReads,
  executorControls,
  limitControls,
  signalRoutes,
  blobRoutes,
  errorRoutes,
];

const serializerCompiler = () => (data: unknown) => JSON.stringify(data);

/**
 * In the place of Fastify's own compilers, which would be loaded and never called: a tenth of a start. Typed for
 * JSON schemas there, hence `never`.
 */
const COMPILERS = {
  buildValidator: () => validateByZod as never,
  buildSerializer: () => serializerCompiler as never,
};

/** Builds the server; the caller lets it listen, and closes it. Streams end when it closes. */
export async function createGateway(deps: GatewayDeps, options: GatewayOptions = {}): Promise<App> {
  const app: App = fastify({
    ...(options.logger === undefined ? { logger: false } : { loggerInstance: options.logger }),
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: CONTROL_BYTES,
    requestTimeout: REQUEST_MS,
    routerOptions: { maxParamLength: PARAM_CHARS },
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    http: { requireHostHeader: false },
    clientErrorHandler: answerClientError,
    frameworkErrors: answerBadAddress,
    schemaController: { compilersFactory: COMPILERS },
  });
  app.setValidatorCompiler(validateByZod);
  app.setSerializerCompiler(serializerCompiler);
  answerInTurn(app);
  answerErrors(app);
  answerForNode(app);
  const gateway = assemble(deps, options);
  endWithServer(app, gateway);
  limitConnections(app.server, options.maxConnections ?? Number.POSITIVE_INFINITY, (open) => {
    options.logger?.warn({ open }, 'as many connections are open as may be: further ones are ended');
  });
  standForTurns(app, gateway);
  refuseEncoded(app);
  const registry = measure(app, gateway);
  await describeRoutes(app, gateway.cell, options);
  for (const group of GROUPS) await app.register(async (scope) => group(scope as unknown as App, gateway));
  systemRoutes(app, gateway, registry);
  await app.ready();
  return app;
}

/** Streams end when the server closes; what still arrives on open connections is told to come back. */
function endWithServer(app: App, gateway: Gateway): void {
  let closing = false;
  const endConnections = endConnectionsOf(app.server, gateway.deps.timers);
  app.addHook('preClose', async () => {
    closing = true;
    endConnections();
    gateway.hub.close();
    gateway.feed.close();
  });
  app.addHook('onRequest', (_request, _reply, done) => {
    done(closing ? new Refusal('not-ready', 'the server is closing') : undefined);
  });
  // So that a client sends nothing more over a connection that is about to end.
  app.addHook('onSend', async (_request, reply) => {
    if (closing) reply.header('connection', 'close');
  });
}

function assemble(deps: GatewayDeps, options: GatewayOptions): Gateway {
  const { cell } = deps.views.cell();
  const { outbox, views, leases, names, journal, timers, signals, clock } = deps;
  return {
    deps,
    cell,
    history: new History(journal, (error) => options.logger?.error({ err: error }, 'the first turn can not be read')),
    hub: new DispatchHub({ cell, views, leases, outbox, timers }),
    feed: new Feed({ cell, outbox, journal, names, timers }),
    streams: new Streams(MAX_STREAMS, options.streamStallMs ?? STREAM_STALL_MS),
    recorder: new SignalRecorder(signals, clock),
    pressure: new PressureCache(signals, clock),
  };
}
