import type { InputEntry } from '../../../src/catalogue/generated/types.js';
import { decodeTurnHeader } from '../../../src/catalogue/turn.js';
import { DispatchHub } from '../../../src/gateway/dispatch/hub.js';
import { type OpenedJournal, openFileJournal } from '../../../src/journal/files/open.js';
import type { Journal } from '../../../src/journal/port.js';
import { LAYOUT } from '../../../src/kernel/rows/tables.js';
import { type EmbeddedFabric, type FabricParts, openFabric } from '../../../src/main/fabric.js';
import type { AcceptedTurn } from '../../../src/outbox/port.js';
import type { OpenedStore, StorePosition } from '../../../src/store/port.js';
import { decodePosition } from '../../../src/store/position.js';
import { FaultyDisk } from '../../contract/journal-support/faulty-disk.js';
import { MemoryMedium } from '../../support/memory/medium.js';
import { openMemoryStore } from '../../support/memory/open-store.js';
import type { Chance } from '../chance.js';
import type { Diary } from '../diary.js';
import type { Met } from '../met.js';
import type { Timeline } from '../timeline.js';
import { type DiskTrouble, HostDisk } from './disk.js';
import { Host, never } from './host.js';
import { type Reply, Serving } from './serving.js';
import { HostStore } from './store.js';
import type { StreamReader } from './stream.js';
import { WallClock } from './wall-clock.js';

export const CELL = 'main';
export const FOLDER = 'journal';
/** Small, so that a run has many. */
const SEGMENT_BYTES = 96 * 1024;
const CHECKPOINT_BYTES = 20 * 1024;

/** How a process ended. */
export type Ending = 'killed' | 'power' | 'failed' | 'stopped';

/** What a simulation is told of. */
export interface MachineEvents {
  /** A fabric serves. */
  up(serving: Serving): void;
  /** It doesn't any more; with the error that ended it, if one has. */
  down(ending: Ending, error: Error | null): void;
  /** It could not start. */
  refused(error: Error): void;
  /** A turn came through the outbox. */
  turn(turn: AcceptedTurn): void;
}

export interface MachineParts {
  readonly timeline: Timeline;
  readonly chance: Chance;
  readonly diary: Diary;
  readonly met: Met;
  readonly events: MachineEvents;
}

/** What is left of a turn whose process died. */
interface LeftOver {
  readonly turn: number;
}

/** A fabric that has made the first turn of its reign. */
async function startFabric(parts: FabricParts): Promise<EmbeddedFabric> {
  const fabric = await openFabric(parts);
  await fabric.leader.start();
  return fabric;
}

/** A machine with a disk, a clock and, most of the time, a fabric that runs on it. */
export class Machine {
  readonly wall: WallClock;
  readonly trouble: DiskTrouble = { isFull: false, failsSync: false, slowSyncMs: 0 };
  disk = new FaultyDisk();
  medium = new MemoryMedium();
  host: Host | null = null;
  serving: Serving | null = null;
  /** Turn that was being appended, and batch that was being written, when the last process died. */
  #appending: LeftOver | null = null;
  #batch: LeftOver | null = null;
  #hostDisk: HostDisk | null = null;
  hostStore: HostStore | null = null;
  /** The highest turn that anybody was told of. */
  acceptedTurn = 0;
  #ending: Ending = 'killed';
  #error: Error | null = null;

  constructor(private readonly parts: MachineParts) {
    this.wall = new WallClock(parts.timeline);
  }

  /** Starts a fabric on what the disk has. */
  start(acceptClock: boolean): void {
    const { timeline, chance, diary, events, met } = this.parts;
    const host = new Host(timeline, chance.fork(), this.wall);
    this.host = host;
    this.#ending = 'killed';
    host.onDeath = (why) => this.#died(why);
    host.onTrapped = (point) => met.note(`killed ${point}`);
    const hostDisk = new HostDisk(host, this.disk, this.trouble);
    this.#hostDisk = hostDisk;
    const parts = {
      cell: CELL,
      acceptClock,
      clocks: host.clocks,
      timers: host.timers,
      writer: host.chance.bytes(16),
      syncEveryMs: 0,
      restingRows: host.chance.pick([0, 20, 1_000_000]),
      openStore: () => this.#openStore(host),
      openJournal: (stored: StorePosition | null) => this.#openJournal(hostDisk, stored),
      batches: {
        dirtyPerBatch: host.chance.pick([50, 500, 50_000]),
        bytesPerBatch: host.chance.pick([4096, 1 << 20]),
        afterMs: host.chance.pick([50, 500, 5000]),
        maxDirty: host.chance.pick([400, 1_000_000]),
        maxBytes: host.chance.pick([64 * 1024, 1 << 24]),
      },
    };
    startFabric(parts).then(
      (fabric) => host.alive && this.#up(host, fabric),
      (error: Error) => {
        if (!host.alive) return;
        diary.note(`cannot start: ${error.message}`);
        this.#ending = 'failed';
        this.host = null;
        host.onDeath = () => undefined;
        host.die('it could not start');
        this.disk = this.disk.afterKill();
        this.#release();
        events.refused(error);
      },
    );
  }

  async #openStore(host: Host): Promise<OpenedStore> {
    await host.delay(host.chance.between(2, 40));
    const opened = await openMemoryStore({ medium: this.medium, cell: CELL, layout: LAYOUT });
    const store = new HostStore(host, opened.store, ({ turn }) => this.#checkBatch(turn));
    this.hostStore = store;
    return { ...opened, store };
  }

  #checkBatch(turn: number): void {
    if (turn > this.acceptedTurn && turn > (this.#opened?.head().turn ?? 0)) {
      throw new Error(`a batch stands for turn ${turn}, the journal ends at ${this.#opened?.head().turn}`);
    }
  }

  #opened: Journal | null = null;

  async #openJournal(disk: HostDisk, stored: StorePosition | null): Promise<OpenedJournal> {
    const opened = await openFileJournal({
      disk,
      folder: FOLDER,
      cell: CELL,
      sync: 'every-turn',
      segmentBytes: SEGMENT_BYTES,
      checkpointBytes: CHECKPOINT_BYTES,
      ...(stored === null ? {} : { coveredTurn: stored.turn, coveredHash: stored.hash }),
    });
    this.#opened = opened.journal;
    if (opened.cut !== null) this.parts.met.note('torn-tail-cut');
    this.#judgeLeftOvers(opened.journal.head().turn, stored?.turn ?? 0);
    return { ...opened, journal: this.#watched(opened.journal, this.host!) };
  }

  /** Whether what the last process had under way is there decides which situation this is; both must come up. */
  #judgeLeftOvers(headTurn: number, storeTurn: number): void {
    const { met } = this.parts;
    if (headTurn < this.acceptedTurn) {
      throw new Error(`turn ${this.acceptedTurn} was told to somebody, the journal ends at ${headTurn}`);
    }
    if (this.#appending !== null) met.note(headTurn >= this.#appending.turn ? 'append-landed' : 'append-lost');
    if (this.#batch !== null) met.note(storeTurn >= this.#batch.turn ? 'batch-landed' : 'batch-lost');
    if (headTurn > 0 && storeTurn === 0) met.note('store-gone');
    else if (storeTurn < headTurn) met.note('store-behind');
    this.#appending = null;
    this.#batch = null;
  }

  #watched(journal: Journal, host: Host): Journal {
    return {
      head: () => journal.head(),
      firstTurn: () => journal.firstTurn(),
      read: (fromTurn) => journal.read(fromTurn),
      close: () => journal.close(),
      append: async (bytes, hash) => {
        if (!host.alive) return never();
        this.#appending = { turn: decodeTurnHeader(bytes).turn };
        await journal.append(bytes, hash);
        this.#appending = null;
      },
    };
  }

  #up(host: Host, fabric: EmbeddedFabric): void {
    const { diary, events, met } = this.parts;
    const { report, views, outbox } = fabric;
    if (report.setAside !== null) met.note('store-set-aside');
    diary.note(
      `up as epoch ${fabric.leader.epoch}: journal to turn ${report.headTurn}, store of turn ${report.storeTurn}` +
        `${report.cut === null ? '' : `, ${report.cut.bytes} bytes of turn ${report.cut.turn} cut`}` +
        `${report.setAside === null ? '' : `, store set aside: ${report.setAside}`}`,
    );
    outbox.subscribe((turn) => {
      if (!host.alive) return;
      if (!host.pass('at publishing')) return;
      this.acceptedTurn = turn.turn;
      events.turn(turn);
    });
    const hub = new DispatchHub({ cell: CELL, views, leases: views, outbox, timers: host.timers });
    const serving = new Serving(host, fabric, hub);
    this.serving = serving;
    this.acceptedTurn = outbox.published();
    void fabric.failed.then((error) => {
      if (!host.alive) return;
      diary.note(`the fabric failed: ${error.message}`);
      this.#ending = 'failed';
      this.#error = error;
      host.after(1, () => host.die('it has failed'));
    });
    events.up(serving);
  }

  /** What the store stands for while no process has it open; null when that is nothing, or not readable. */
  storePosition(): StorePosition | null {
    const { position } = this.medium.contents;
    const decoded = position === null ? null : decodePosition(position);
    return decoded === null || 'unknownFormat' in decoded ? null : decoded;
  }

  /** Kills the process. */
  kill(): void {
    this.host?.die('killed');
  }

  /** The machine loses power: what was not synced is there or not, and the newest batches of the store may be gone. */
  losePower(): void {
    const { chance, met } = this.parts;
    if (this.host === null) return;
    met.note('power-lost');
    this.#ending = 'power';
    const underWay = this.#hostDisk?.underWay;
    const isSynced = underWay?.write === null && chance.hits(0.4);
    const { host } = this;
    void (isSynced ? underWay.file.sync() : Promise.resolve()).then(() => {
      this.#ending = 'power';
      host.die('power lost');
      const batches = chance.below(3);
      if (batches > 0) met.note('store-older');
      this.medium.losePower(batches);
    });
  }

  /** Tells the process to stop, as SIGTERM does. */
  stop(): void {
    const serving = this.serving;
    if (serving === null) return;
    const { host, fabric, hub } = serving;
    host.after(0, () => {
      void this.#close(host, fabric, hub);
    });
  }

  async #close(host: Host, fabric: EmbeddedFabric, hub: DispatchHub): Promise<void> {
    await fabric.leader.stop();
    hub.close();
    await fabric.close();
    if (!host.alive) return;
    this.#ending = 'stopped';
    host.die('stopped');
  }

  /** Sends an input over the network; nothing comes back where the answer is lost on the way. */
  send(input: InputEntry, reply: (reply: Reply) => void, isAnswerLost = false): void {
    const { timeline, chance } = this.parts;
    const back = (result: Reply): void => {
      timeline.after(chance.wait(0.5) + 0.1, () => reply(isAnswerLost ? { failed: 'lost' } : result));
    };
    timeline.after(chance.wait(0.5) + 0.1, () => {
      if (this.serving === null) back({ failed: 'refused' });
      else this.serving.put(input, back);
    });
  }

  connect(executor: string, incarnation: string, reader: StreamReader, refused: (code: string) => void): void {
    const { timeline, chance } = this.parts;
    timeline.after(chance.wait(0.5) + 0.1, () => {
      if (this.serving === null) refused('refused');
      else this.serving.connect(executor, incarnation, reader, (code) => timeline.after(0.3, () => refused(code)));
    });
  }

  #died(why: string): void {
    const { diary, events } = this.parts;
    diary.note(`the process ends: ${why}`);
    const { serving } = this;
    this.serving = null;
    this.host = null;
    this.#batch = this.hostStore?.underWay == null ? null : { turn: this.hostStore.underWay.position.turn };
    if (this.#ending === 'power') this.#afterPowerLoss();
    else this.#afterKill();
    serving?.reset();
    const error = this.#error;
    this.#error = null;
    events.down(this.#ending, error);
  }

  /** The system goes on with what it was given, and with what it was being given perhaps. */
  #afterKill(): void {
    const { chance } = this.parts;
    const { underWay } = this.#hostDisk!;
    if (underWay?.write != null && chance.hits(0.7)) {
      const { bytes, position } = underWay.write;
      void underWay.file.write(bytes.subarray(0, chance.below(bytes.length + 1)), position);
    }
    this.disk = this.disk.afterKill();
    this.#release();
  }

  #afterPowerLoss(): void {
    const { chance } = this.parts;
    const underWay = this.#hostDisk?.underWay;
    if (underWay?.write != null && chance.hits(0.5)) {
      void underWay.file.write(underWay.write.bytes, underWay.write.position);
    }
    this.disk = this.disk.afterPowerLoss((below) => chance.below(below));
    this.#release();
  }

  #release(): void {
    this.medium.owner = null;
    this.#hostDisk = null;
    this.hostStore = null;
    this.#opened = null;
  }
}
