/** Snapshots that a running fabric takes of itself. */
import { sealInput } from '../catalogue/codec.js';
import { Code } from '../catalogue/generated/codes.js';
import type { ReportSnapshot } from '../catalogue/generated/types.js';
import { messageOf } from '../catalogue/thrown.js';
import { decodeTurnHeader } from '../catalogue/turn.js';
import { Senders } from '../edge/seal.js';
import { readTurn } from '../journal/port.js';
import { LAYOUT } from '../kernel/rows/tables.js';
import { isOfHistory } from '../scheduler/snapshot-history.js';
import type { SnapshotFolder } from '../snapshot/folder.js';
import {
  listSnapshots,
  type NamedSnapshot,
  putSnapshot,
  SnapshotError,
  SnapshotReader,
  type SnapshotStorage,
} from '../snapshot/index.js';
import type { Capture } from '../store/port.js';
import { systemClocks, systemIds, systemTimers } from './adapters/system.js';
import type { FabricConfig, SnapshotConfig } from './config/config.js';
import { inData } from './data-folder.js';
import type { ServingFabric } from './serving.js';
import { ownSnapshotsIn } from './snapshot-folder.js';
import type { FabricLog } from './telemetry.js';

/** How often it is looked whether one is due, in ms. */
const LOOK_MS = 1000;
/**
 * How long after one that could not be taken it is tried again, in ms: on a full disk each attempt writes as much as
 * there is room.
 */
const AGAIN_MS = 60_000;
const MINUTE_MS = 60_000;
/** The turn that records a snapshot, and one that asks for nothing, are no reason to take another. */
const OWN_TURNS = 2;

/** Where a configuration has its snapshots. */
export function snapshotsOf({ data, snapshots }: Pick<FabricConfig, 'data' | 'snapshots'>): SnapshotFolder {
  return ownSnapshotsIn(snapshots.folder ?? inData(data).snapshots);
}

interface TakerParts {
  readonly cell: string;
  readonly config: SnapshotConfig;
  readonly storage: SnapshotStorage;
  readonly fabric: ServingFabric;
  readonly log: Pick<FabricLog, 'info' | 'warn'> | null;
}

/**
 * Takes a snapshot of the leader's store whenever the configuration says that one is due, has the journal record it, and
 * removes those that are too many. The store is read as it stands at one moment; nobody waits for that. What fails is
 * told, and tried again a minute later.
 */
export class SnapshotTaker {
  readonly #parts: TakerParts;
  #lastTurn = 0;
  /** When the last one was taken, by the monotonic clock, be it before this process began; null until it was looked for. */
  #lastMs: number | null = null;
  /** None is taken before, by the monotonic clock, in ms. */
  #notBeforeMs = 0;
  #taking: Promise<void> = Promise.resolve();
  #isTaking = false;
  #isOver = false;
  /** Which of those that are there are of this history; each is looked at once. */
  #isOwn: ReadonlyMap<string, boolean> = new Map();
  readonly #endLooking: () => void;

  constructor(parts: TakerParts) {
    this.#parts = parts;
    const { everyTurns, everyMinutes } = parts.config;
    const isWanted = everyTurns !== undefined || everyMinutes !== undefined;
    this.#endLooking = isWanted ? systemTimers.every(LOOK_MS, () => this.#look()) : () => undefined;
  }

  /** Waits for the one that is being taken; none is taken after it. */
  async close(): Promise<void> {
    this.#isOver = true;
    this.#endLooking();
    await this.#taking;
  }

  #look(): void {
    const { fabric } = this.#parts;
    if (this.#isTaking || this.#isOver || fabric.role !== 'leader') return;
    if (systemClocks.monotonicMs() < this.#notBeforeMs) return;
    this.#isTaking = true;
    this.#taking = this.#takeIfDue().finally(() => {
      this.#isTaking = false;
    });
  }

  async #takeIfDue(): Promise<void> {
    const { config, fabric, log } = this.#parts;
    const { everyTurns = Number.POSITIVE_INFINITY, everyMinutes = Number.POSITIVE_INFINITY } = config;
    try {
      const { turn, atMs } = fabric.views.cell();
      const lastMs = this.#lastMs ?? (await this.#lookForNewest(atMs));
      const turns = turn - this.#lastTurn;
      const ms = systemClocks.monotonicMs() - lastMs;
      if (turns <= OWN_TURNS || (turns < everyTurns && ms < everyMinutes * MINUTE_MS)) return;
      const capture = await fabric.capture();
      try {
        await this.#take(capture);
      } finally {
        await capture.end();
      }
    } catch (error) {
      this.#notBeforeMs = systemClocks.monotonicMs() + AGAIN_MS;
      log?.warn({ error: messageOf(error) }, 'a snapshot could not be taken');
    }
  }

  /**
   * Which turn the newest one is of, and when it was taken, or the journal began, by journal time, which is `atMs` now: a
   * fabric that is started anew more often than one is due takes them all the same.
   */
  async #lookForNewest(atMs: number): Promise<number> {
    this.#lastTurn = (await this.#own())[0]?.turn ?? 0;
    const since = await this.#timeOf(Math.max(this.#lastTurn, this.#parts.fabric.journal.firstTurn()));
    this.#lastMs = systemClocks.monotonicMs() - (atMs - (since ?? atMs));
    return this.#lastMs;
  }

  async #take({ position, entries }: Capture): Promise<void> {
    const { cell, storage, log } = this.#parts;
    if (position === null || position.turn <= this.#lastTurn) return;
    const began = systemClocks.monotonicMs();
    const { turn, hash, stateHash } = position;
    const atMs = await this.#timeOf(turn);
    if (atMs === null)
      throw new Error(`assertion failed: the store stands for turn ${turn}, which the journal has not`);
    const head = { cell, layout: LAYOUT, turn, atMs, hash, stateHash };
    const { name, bytes } = await putSnapshot(storage, head, entries);
    this.#lastTurn = turn;
    this.#lastMs = systemClocks.monotonicMs();
    log?.info({ name, turn, bytes, ms: Math.round(systemClocks.monotonicMs() - began) }, 'took a snapshot');
    const report = { turn, stateHash, uri: `snapshot:${name}` };
    await this.#afterwards('the journal may not have recorded a snapshot that is there', () => this.#report(report));
    await this.#afterwards('older snapshots could not be removed', () => this.#removeOld());
  }

  /** What fails when a snapshot is there keeps nobody from using it, and is told as what it is. */
  async #afterwards(failure: string, run: () => Promise<void>): Promise<void> {
    try {
      await run();
    } catch (error) {
      this.#parts.log?.warn({ error: messageOf(error) }, failure);
    }
  }

  async #report(report: ReportSnapshot): Promise<void> {
    const sender = new Senders(systemIds, systemClocks, null).next();
    await this.#parts.fabric.inbox.put(sealInput(Code.ReportSnapshot, sender, report));
  }

  async #timeOf(turn: number): Promise<number | null> {
    const record = await readTurn(this.#parts.fabric.journal, turn);
    return typeof record === 'string' ? null : decodeTurnHeader(record.bytes).at;
  }

  /**
   * The snapshots of this history, the newest first. A journal that was cut, or begun anew, leaves others behind, and
   * other cells may write theirs into the same folder at any time.
   */
  async #own(): Promise<readonly NamedSnapshot[]> {
    const all = await listSnapshots(this.#parts.storage);
    const isOwn = new Map<string, boolean>();
    for (const one of all) {
      const found = this.#isOwn.get(one.name) ?? (await this.#isOfOwn(one));
      if (found !== null) isOwn.set(one.name, found);
    }
    this.#isOwn = isOwn;
    return all.filter(({ name }) => isOwn.get(name));
  }

  /**
   * Where the journal can't tell, as its turn was archived, the cell must do. What is damaged is nobody else's. Null where
   * it can't be told now, as a disk fails, or another cell has removed it meanwhile: it stays, and is looked at again.
   */
  async #isOfOwn(snapshot: NamedSnapshot): Promise<boolean | null> {
    const { storage, fabric, cell } = this.#parts;
    const isOurs = await isOfHistory(fabric.journal, snapshot);
    if (isOurs !== null) return isOurs;
    try {
      const reader = await SnapshotReader.open(storage, snapshot.name);
      await reader.close();
      return reader.head.cell === cell;
    } catch (error) {
      if (!(error instanceof SnapshotError) || error.code === 'unreadable-file') return null;
      return error.code === 'snapshot-damaged';
    }
  }

  async #removeOld(): Promise<void> {
    const { storage, config } = this.#parts;
    const old = (await this.#own()).slice(config.keep);
    const removed = await Promise.allSettled(old.map(({ name }) => storage.remove(name)));
    for (const one of removed) if (one.status === 'rejected') throw one.reason;
  }
}
