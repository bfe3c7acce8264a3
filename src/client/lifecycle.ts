import { createParser } from 'eventsource-parser';
import { parsed, transportError } from './adapters/http.js';
import { type Calls, readJson } from './calls.js';
import { FabricError } from './errors.js';
import { backoffMs, pause } from './retry.js';
import type { LifecycleEvent } from './types.js';

/** The fabric sends a sign of life every 15 s; a stream that is silent for so long is dead. */
const SILENCE_MS = 45_000;

/** An index that no entry of a turn has: everything of that turn has been seen. */
const AFTER_ALL = 999_999_999;

/** Which events are read, and from where on. */
export interface LifecycleOptions {
  /** Only this DAG, of the client's tenant. */
  readonly dag?: string;
  /**
   * Only this tenant's DAGs; of all tenants where neither is given. An event of a DAG that nobody can name any more, since
   * its submission is in an archive, comes without `tenant` and `dagId`; a callback about it doesn't come.
   */
  readonly tenant?: string;
  /** Some of lifecycle, leases, slots, dispatches, refusals, submissions, callbacks, controls; `lifecycle` unless given. */
  readonly topics?: readonly string[];
  /**
   * Goes on after the event of this id, from the journal; from now on unless given. Rejected as `other-history` where the
   * journal has that event no more, since it began anew or was put back to an older copy.
   */
  readonly lastEventId?: string;
  /** In place of lastEventId: goes on after this turn, such as the one that an answer stands for. */
  readonly afterTurn?: number;
  readonly signal?: AbortSignal;
}

/**
 * What happens in the cell, event by event, none missing and none twice: a stream that breaks is opened again after the
 * last event that was seen. Ends when the signal is aborted; throws a FabricError when the fabric refuses it, such as
 * `other-history` where what it has seen is no part of the fabric's journal any more.
 */
export async function* lifecycleOf(calls: Calls, options: LifecycleOptions): AsyncGenerator<LifecycleEvent> {
  try {
    yield* untilAborted(calls, options);
  } catch (error) {
    if (options.signal?.aborted !== true) throw error;
  }
}

async function* untilAborted(calls: Calls, options: LifecycleOptions): AsyncGenerator<LifecycleEvent> {
  const { signal } = options;
  let lastEventId = options.lastEventId ?? (await positionAfter(calls, options.afterTurn, signal));
  for (let attempt = 1; !signal?.aborted; attempt++) {
    let retryAfterMs: number | null = null;
    try {
      for await (const event of readStream(calls, options, lastEventId)) {
        attempt = 0;
        lastEventId = event.id;
        yield event;
      }
    } catch (error) {
      if (!(error instanceof FabricError) || !error.retryable) throw error;
      ({ retryAfterMs } = error);
    }
    const delayMs = backoffMs(Math.max(1, attempt), calls.patience, calls.machine.random(), retryAfterMs);
    await pause(calls, delayMs, signal).catch(() => undefined);
  }
}

/** The id after which everything is new: so a stream that breaks before its first event misses nothing either. */
async function positionAfter(
  calls: Calls,
  afterTurn: number | undefined,
  signal: AbortSignal | undefined,
): Promise<string> {
  const { cell, turn } = await readJson<{ cell: string; turn: number }>(
    calls,
    { path: '/v1/cell', signal },
    'cell',
    'turn',
  );
  return `${cell}:${afterTurn ?? turn}:${AFTER_ALL}`;
}

async function* readStream(calls: Calls, options: LifecycleOptions, after: string): AsyncGenerator<LifecycleEvent> {
  const { signal } = options;
  const query = new URLSearchParams();
  if (options.dag !== undefined) query.set('dag', options.dag);
  const tenant = options.tenant ?? (options.dag === undefined ? undefined : calls.tenant);
  if (tenant !== undefined) query.set('tenant', tenant);
  if (options.topics !== undefined) query.set('topics', options.topics.join(','));
  const headers = { accept: 'text/event-stream', 'last-event-id': after };
  const path = `/v1/lifecycle?${query}`;
  const { body } = await calls.http.send({ method: 'GET', path, headers, signal, silenceMs: SILENCE_MS });
  let events: LifecycleEvent[] = [];
  const parser = createParser({
    onEvent: ({ id, data }) => {
      const event = parsed<LifecycleEvent>(data);
      // The id of the stream has the mark of its turn behind the event's own.
      events.push({ ...event, id: id ?? event.id });
    },
  });
  const decoder = new TextDecoder();
  try {
    for await (const chunk of body) {
      parser.feed(decoder.decode(chunk as Uint8Array, { stream: true }));
      const ready = events;
      events = [];
      yield* ready;
    }
  } catch (error) {
    throw transportError(error, signal);
  }
}
