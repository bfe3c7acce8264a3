/** What a fabric tells the outside about itself: its log, and the traces of jobs where a collector is configured. */
import type { Outbox } from '../outbox/port.js';
import { EventLog, type EventLogger } from '../telemetry/log/event-log.js';
import { type OtlpProtocol, tracingOf } from '../telemetry/traces/configured.js';
import { ConfigError } from './config/config.js';
import type { ServingFabric } from './serving.js';

export { openLog } from '../telemetry/log/open-log.js';

/** Whoever takes the lines of the log; pino does. */
export type FabricLog = EventLogger;

const QUIET = { warn: () => undefined, error: () => undefined };

export interface TelemetryOptions {
  readonly cell: string;
  readonly version: string;
  readonly log: FabricLog | null;
}

/** How traces are to be sent. Throws `ConfigError` for what can't be done. */
export function checkTracing(): OtlpProtocol | null {
  const tracing = tracingOf(process.env);
  if (tracing !== null && typeof tracing === 'object') throw new ConfigError(null, [tracing]);
  return tracing;
}

/** Begins to tell what is accepted from now on; the result ends it, when the last turn was published. */
export async function startTelemetry(
  { outbox, views }: Pick<ServingFabric, 'outbox' | 'views'>,
  { cell, version, log }: TelemetryOptions,
): Promise<() => Promise<void>> {
  const ends: (() => Promise<void>)[] = [];
  if (log !== null) {
    const events = new EventLog(log, views);
    const end = outbox.subscribe((turn) => events.take(turn));
    ends.push(async () => {
      end();
      await events.settled();
    });
  }
  const protocol = checkTracing();
  if (protocol !== null) ends.push(await sendTraces(outbox, { cell, version, log }, protocol));
  return async () => {
    await Promise.all(ends.map((end) => end()));
  };
}

async function sendTraces(
  outbox: Outbox,
  { cell, version, log }: TelemetryOptions,
  protocol: OtlpProtocol,
): Promise<() => Promise<void>> {
  const otlp = await import('../telemetry/traces/otlp.js');
  return otlp.sendTraces({ cell, version, outbox, log: log ?? QUIET }, protocol, process.env);
}
