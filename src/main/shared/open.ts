/** A fabric whose log is on Kafka: waits for its brokers at the start, and tells what it waits for. */
import { setTimeout as sleep } from 'node:timers/promises';
import { FateOpen, InboxFull, InputTooLarge, NotReady } from '../../inbox/port.js';
import { KafkaFault } from '../../kafka/fault.js';
import { patiently } from '../../kafka/reading/patience.js';
import type { RegistryFault } from '../../kafka/registry.js';
import { tooSmall } from '../../kafka/topics/topic-plan.js';
import { systemClocks } from '../adapters/system.js';
import type { FabricConfig, KafkaConfig } from '../config/config.js';
import { connectionOf } from '../config/connection.js';
import { kafkaParts } from '../kafka/parts.js';
import { watchTopics } from '../kafka/topic-watch.js';
import { WaitingForBrokers } from '../kafka/waiting-for-brokers.js';
import type { ServingFabric } from '../serving.js';
import { applySettings } from '../settings.js';
import type { FabricLog } from '../telemetry.js';
import { SharedFabric } from './fabric.js';
import type { SharedParts } from './parts.js';

/** How long to wait before settings that no turn has taken are sent again, in ms. */
const APPLY_AGAIN_MS = 500;
/** How long brokers that are out of reach are waited for at a start, in ms: they may be starting, too. */
const START_MS = 60_000;
const CLOCK_TODO =
  'Set it right. If it is right, start this process again; if those of the brokers are wrong, with --accept-clock.';

/** What is opened; `logger` as `up` has it. */
type SharedOptions = FabricConfig &
  Pick<SharedParts, 'acceptClock' | 'acceptCut' | 'onSnapshot' | 'onSetAside'> & { readonly logger?: FabricLog };

/** Opens one of a cell's processes. Settings are applied by whoever leads, when its reign begins. */
export async function openShared(options: SharedOptions, kafka: KafkaConfig): Promise<ServingFabric> {
  const { logger, acceptClock = false } = options;
  const waiting = new WaitingForBrokers(logger ?? null, systemClocks.monotonicMs);
  const onUnpublished = (from: number, to: number): void => {
    logger?.warn({ from, to }, 'turns that the journal does not have any more were never published, and will not be');
  };
  const onKeptIds = ({ code, message }: RegistryFault): void => {
    logger?.warn(
      { code, detail: message },
      'the registry gave no numbers of schemas: those of the last start are used',
    );
  };
  const onClockOff = (offMs: number): void => {
    logger?.warn(
      { offMs, todo: CLOCK_TODO },
      'this process does not lead: its wall clock differs from that of the brokers when they took the last turns',
    );
  };
  const start = { forMs: START_MS, onFault: (fault: KafkaFault): void => waiting.hear('start', fault) };
  const parts = await patiently(() => kafkaParts({ ...options, waiting, onUnpublished, onKeptIds }, kafka), start);
  const fabric = await patiently(() => SharedFabric.open({ ...parts, acceptClock, onClockOff }), start);
  waiting.hear('start', null);
  fabric.onReign = () => void applyWhileLeading(fabric, options).catch(fabric.fail);
  return fabric;
}

/** Tells in its log of settings of topics that are changed while it runs; the result ends that. */
export function watchShared(
  fabric: ServingFabric,
  { cell, logger }: Pick<SharedOptions, 'cell' | 'logger'>,
  kafka: KafkaConfig,
): () => void {
  if (logger === undefined) return () => undefined;
  return watchTopics(fabric, connectionOf(kafka), { cell, log: logger });
}

/**
 * Again while brokers are away; a reign that ends meanwhile leaves it to the next leader. Throws `KafkaFault` where the
 * topic takes no setting that is so large.
 */
async function applyWhileLeading(fabric: ServingFabric, options: SharedOptions): Promise<void> {
  do {
    try {
      return await applySettings(fabric, options, options.logger);
    } catch (error) {
      if (error instanceof InputTooLarge) throw tooSmall(new KafkaFault(error.code, error.message, false, error));
      if (!(error instanceof FateOpen || error instanceof NotReady || error instanceof InboxFull)) throw error;
      await sleep(APPLY_AGAIN_MS);
    }
  } while (fabric.role === 'leader');
}
