/** Composition: which parts make a fabric. The only code that knows everything. */

import type { AddressInfo } from 'node:net';
import { isUnfinishedBlob } from '../blobs/directory.js';
import { BlobDirectory, createGateway, type GatewayOptions } from '../gateway/index.js';
import { findJournalIn } from '../journal/files/find.js';
import { nodeDisk } from '../journal/files/node-disk.js';
import { checkSubmission } from '../kernel/decide/check-submission.js';
import { giveUp, runAll } from '../scheduler/endings.js';
import type { FoldSources } from '../scheduler/start.js';
import { isUnfinishedSnapshot } from '../snapshot/folder.js';
import { openFilesLimit } from './adapters/open-files.js';
import { addressesOf, checkPort, listenAlso } from './adapters/port.js';
import { systemClocks, systemIds, systemTimers } from './adapters/system.js';
import { watchClock } from './clock-watch.js';
import { ConfigError, type FabricConfig } from './config/config.js';
import { backupAround, inData } from './data-folder.js';
import { type EmbeddedFabric, openFabric, serve } from './fabric.js';
import { fileParts } from './file-parts.js';
import type { ServingFabric } from './serving.js';
import { applySettings } from './settings.js';
import { SnapshotTaker, snapshotsOf } from './snapshots.js';
import { checkTracing, type FabricLog, startTelemetry } from './telemetry.js';
import { removeUnfinished } from './unfinished.js';
import { programVersion } from './version.js';

export interface UpOptions extends FabricConfig {
  /** Start although more than an hour has passed since the last turn. */
  readonly acceptClock: boolean;
  /** Start although the journal's beginning is gone and no snapshot stands for it. */
  readonly acceptCut?: boolean;
  /** Rows that terminal DAGs may take in memory before they leave it. */
  readonly restingRows?: number;
  /** A pino logger; absent means that nothing is logged. */
  readonly logger?: FabricLog & NonNullable<GatewayOptions['logger']>;
}

/** A fabric that serves. */
export interface RunningFabric {
  readonly url: string;
  /** Resolves with the error when the fabric can't go on. */
  readonly failed: Promise<Error>;
  close(): Promise<void>;
}

/** Starts a fabric: store in the data folder, journal there or on Kafka, gateway on host and port. */
export async function up(options: UpOptions): Promise<RunningFabric> {
  await checkPlaces(options);
  if (options.kafka === undefined) return upEmbedded(options);
  // Most fabrics have no Kafka, and its clients are a third of what would be loaded.
  const { openShared, watchShared } = await import('./shared/open.js');
  const fabric = await openShared({ ...options, ...tellStart(options.logger) }, options.kafka);
  return listen(fabric, options, { endTopics: watchShared(fabric, options, options.kafka) });
}

/**
 * Throws where a fabric could not run, or would do harm; makes its folders. Before anything else is made or decided: a start
 * that is refused for its port leaves nothing behind.
 */
export async function checkPlaces(options: FabricConfig): Promise<void> {
  checkTracing();
  await checkPort(options.host, options.port);
  await checkData(options);
  // Before any part makes a folder in them: what is wrong with a place is told of the place.
  for (const folder of [options.data, options.blobs, options.snapshots.folder]) {
    if (folder !== undefined) await nodeDisk.makeFolder(folder);
  }
}

/** Throws `ConfigError` where a fabric would do harm. */
async function checkData(options: FabricConfig): Promise<void> {
  const detail = await whatElseIs(options);
  if (detail !== null) throw new ConfigError(null, [{ path: 'data', detail }]);
}

async function whatElseIs({ data, kafka }: FabricConfig): Promise<string | null> {
  // The fabric would change it, be it by blobs and snapshots alone.
  if (backupAround(inData(data).journal) !== null)
    return `${data} is a backup; marie restore makes a data directory of it`;
  if (kafka !== undefined) return null;
  const found = await findJournalIn(data);
  if (typeof found === 'string' || found.folder !== data) return null;
  // An export, or a journal's own folder, would be passed over: the fabric would begin another history in it.
  return `the files of a journal are in ${data} itself, as in an export; a data directory has them in its folder journal`;
}

/** Starts a fabric that has all in one process, in places that were checked. */
export async function upEmbedded(options: UpOptions): Promise<RunningFabric & { readonly fabric: EmbeddedFabric }> {
  const fabric = await openFabric(fileParts({ ...options, ...tellStart(options.logger) }));
  const { cut } = fabric.report;
  if (cut !== null) options.logger?.info(cut, 'a torn record was cut from the end of the journal');
  const serving = serve(fabric);
  const begin = async (): Promise<void> => {
    await fabric.leader.start();
    await applySettings(serving, options, options.logger);
  };
  return { ...(await listen(serving, options, { begin })), fabric };
}

async function listen(fabric: ServingFabric, options: UpOptions, parts: Parts): Promise<RunningFabric> {
  try {
    const { cell, logger } = options;
    // The gateway hears of turns first: dispatches go before lines of the log.
    const gateway = await openGateway(fabric, options, parts);
    parts.gateway = gateway;
    parts.endTelemetry = await startTelemetry(fabric, { cell, version: programVersion(), log: logger ?? null });
    await parts.begin?.();
    const [address, ...others] = await addressesOf(options.host);
    await gateway.listen({ host: address, port: options.port });
    parts.endListening = await listenAlso(gateway.server, others);
    const { port } = gateway.server.address() as AddressInfo;
    const host = options.host.includes(':') ? `[${options.host}]` : options.host;
    const storage = snapshotsOf(options);
    const places = [
      { folder: blobsOf(options), isUnfinished: isUnfinishedBlob },
      { folder: storage.folder, isUnfinished: isUnfinishedSnapshot },
    ];
    await removeUnfinished(places, systemClocks.wallMs(), logger ?? null);
    parts.taker = new SnapshotTaker({ cell, config: options.snapshots, storage, fabric, log: logger ?? null });
    if (logger !== undefined) parts.endClock = watchClock(fabric, logger);
    const close = async (): Promise<void> => {
      await end(fabric, parts);
      logger?.info({}, 'ended');
    };
    logger?.info({ url: `http://${host}:${port}`, pid: process.pid }, 'up');
    return { url: `http://${host}:${port}`, failed: fabric.failed, close };
  } catch (error) {
    // Whoever embeds a fabric may try again, with another port: nothing of this try may go on in its process.
    return giveUp(error, () => end(fabric, parts));
  }
}

/** What goes on around a fabric that serves; while it starts, only what was opened so far. */
interface Parts {
  /** Makes the first turn, of which gateway and telemetry hear, too. */
  readonly begin?: () => Promise<void>;
  /** It was told to end: what waits for its own end, such as a snapshot, may take long. */
  isEnding?: boolean;
  gateway?: Awaited<ReturnType<typeof openGateway>>;
  endListening?: () => Promise<void>;
  endTelemetry?: () => Promise<void>;
  taker?: SnapshotTaker;
  endClock?: () => void;
  endTopics?: () => void;
}

/**
 * Ends a fabric and what is open around it. Telemetry comes last: it hears of the last turn, too. Whatever fails, all of
 * it is ended: the locks of journal and store must not stay with a process that goes on without a fabric.
 */
function end(fabric: ServingFabric, parts: Parts): Promise<void> {
  parts.isEnding = true;
  const { gateway, endListening, endTelemetry, taker, endClock, endTopics } = parts;
  return runAll([
    () => endClock?.(),
    () => endTopics?.(),
    () => taker?.close(),
    () => fabric.stop(),
    () => gateway?.close(),
    () => endListening?.(),
    () => fabric.close(),
    () => endTelemetry?.(),
  ]);
}

/**
 * Tells from what a start goes on: of a store that it can't use, of the snapshot that it takes, and of those it passes over.
 */
function tellStart(logger: UpOptions['logger']): Required<Pick<FoldSources<never>, 'onSnapshot' | 'onSetAside'>> {
  return {
    onSnapshot({ name, problem }) {
      if (problem === null) logger?.info({ name }, 'the store was filled from a snapshot');
      else logger?.warn({ name, ...problem }, 'a snapshot is passed over');
    },
    onSetAside: (what) => logger?.warn(what, 'the store can not be used: it was set aside, and is made anew'),
  };
}

/** Where a configuration has its blobs. */
function blobsOf({ data, blobs }: Pick<FabricConfig, 'data' | 'blobs'>): string {
  return blobs ?? inData(data).blobs;
}

function openGateway(fabric: ServingFabric, options: UpOptions, parts: Parts) {
  const { inbox, outbox, views, signals, journal } = fabric;
  const observers = new Set<(ms: number) => void>();
  fabric.onAppend = (ms) => {
    for (const observe of observers) observe(ms);
  };
  let failure: string | null = null;
  void fabric.failed.then((error) => {
    failure = error.message;
  });
  return createGateway(
    {
      inbox,
      outbox,
      views,
      signals,
      names: views,
      leases: views,
      journal,
      blobs: new BlobDirectory(blobsOf(options), () => systemIds.next(), systemClocks.wallMs),
      checkSubmission,
      clock: systemClocks,
      ids: systemIds,
      timers: systemTimers,
      notReady: () => failure ?? (parts.isEnding === true ? 'the fabric is stopping' : fabric.notReady()),
      role: () => fabric.role,
      reign: () => fabric.reign(),
      appendTimes: {
        subscribe: (observe) => {
          observers.add(observe);
          return () => observers.delete(observe);
        },
      },
    },
    {
      version: programVersion(),
      // With the files of a blob or the journal that each may have open it takes three quarters at most; the rest is the
      // journal's and the store's.
      maxConnections: Math.floor(openFilesLimit() / 4),
      ...(options.logger === undefined ? {} : { logger: options.logger }),
    },
  );
}
