import { expect, it, vi } from 'vitest';
import { TurnVoided } from '../../src/journal/errors.js';
import type { Followed, SharedJournal } from '../../src/journal/port.js';
import { emptyHead } from '../../src/journal/rule.js';
import { LAYOUT } from '../../src/kernel/rows/tables.js';
import { systemClocks, systemTimers } from '../../src/main/adapters/system.js';
import { SharedFabric } from '../../src/main/shared/fabric.js';
import type { SharedParts } from '../../src/main/shared/parts.js';
import { TopicPublisher } from '../../src/outbox/kafka/publisher.js';
import { MemoryMedium } from '../support/memory/medium.js';
import { openMemoryStore } from '../support/memory/open-store.js';
import { PATIENT } from '../support/patience.js';

const CELL = 'main';

/** A journal without turns, on which another process is always faster. */
class Contested implements SharedJournal {
  readonly head = emptyHead;
  isClosed = false;

  firstTurn(): number {
    return 1;
  }

  async *read(): AsyncGenerator<never> {}

  async follow(): Promise<Followed> {
    return { records: [], isAtEnd: true };
  }

  async append(): Promise<void> {
    throw new TurnVoided(1);
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }
}

/** A journal of which a look waits until it is closed, as where brokers hold back who has had more than a quota. */
class HeldBack extends Contested {
  looks = 0;
  #cut: () => void = () => undefined;

  override follow(): Promise<Followed> {
    this.looks += 1;
    return new Promise((_, reject) => {
      this.#cut = () => reject(new Error('the connection was dropped'));
    });
  }

  override async close(): Promise<void> {
    await super.close();
    this.#cut();
  }
}

/** A journal that can't be closed, as on a disk that is broken; with `wrong`, it can't be read either. */
class Broken extends Contested {
  constructor(private readonly wrong?: Error) {
    super();
  }

  override read(): AsyncGenerator<never> {
    if (this.wrong !== undefined) throw this.wrong;
    return super.read();
  }

  override async close(): Promise<void> {
    throw new Error('it can not be closed');
  }
}

/** What a process has opened. */
interface Opened {
  readonly stores: MemoryMedium[];
  readonly journals: Contested[];
}

/** The parts of a process on such a journal. `beforeStore` is called before its store is opened, each time. */
function partsOf({ stores, journals }: Opened, beforeStore: () => void): SharedParts {
  const nothing = (): void => undefined;
  return {
    cell: CELL,
    clocks: systemClocks,
    timers: systemTimers,
    writer: new Uint8Array(16),
    silenceMs: 1_500,
    idleMs: 500,
    isPassing: () => false,
    inbox: {
      put: () => Promise.reject(new Error('nothing is put in')),
      putEach: nothing,
      accept: nothing,
      close: nothing,
      end: nothing,
    },
    openInputs: () => ({
      waiting: 0,
      isCaughtUp: true,
      onArrival: nothing,
      open: nothing,
      close: nothing,
      take: () => [],
      takeLost: () => [],
      giveBack: nothing,
    }),
    openTopics: (_reads, published) =>
      new TopicPublisher(
        {
          cell: CELL,
          writer: { write: async () => undefined, close: nothing } as never,
          partitions: { leases: 1, slots: 1, dispatches: 1, lifecycle: 1, refusals: 1, timings: 1 },
          project: async function* () {},
          read: async function* () {},
          monotonicMs: systemClocks.monotonicMs,
          onFatal: nothing,
        },
        published,
        0,
      ),
    openStore: async () => {
      beforeStore();
      const medium = new MemoryMedium();
      stores.push(medium);
      return openMemoryStore({ cell: CELL, layout: LAYOUT, medium });
    },
    openJournal: async () => {
      const journal = new Contested();
      journals.push(journal);
      return { journal };
    },
  };
}

it('a process that is told to stop while it opens its fold again closes what it has opened', async () => {
  const opened: Opened = { stores: [], journals: [] };
  let fabric: SharedFabric | null = null;
  let stopped: Promise<void> | null = null;
  await new Promise<void>((resolve) => {
    const beforeStore = (): void => {
      if (fabric === null) return;
      stopped = fabric.stop();
      resolve();
    };
    void SharedFabric.open(partsOf(opened, beforeStore)).then((one) => {
      fabric = one;
    });
  });
  await stopped;
  expect(opened.stores.map(({ owner }) => owner)).toEqual([null, null]);
  expect(opened.journals.map(({ isClosed }) => isClosed)).toEqual([true, true]);
});

it('a process whose turn was voided says that its fold is dropped', async () => {
  const fabric = await SharedFabric.open(partsOf({ stores: [], journals: [] }, () => undefined));
  await new Promise<void>((resolve) => void fabric.outbox.onDropped(resolve));
  await fabric.stop();
});

it('a standby whose look at the journal waits does not wait for it when it is told to stop', async () => {
  const opened: Opened = { stores: [], journals: [] };
  const journal = new HeldBack();
  const fabric = await SharedFabric.open({
    ...partsOf(opened, () => undefined),
    openJournal: async () => ({ journal }),
  });
  await vi.waitFor(() => expect(journal.looks).toBe(1), PATIENT);
  const failed = vi.fn();
  void fabric.failed.then(failed);
  await fabric.stop();
  expect(fabric.role).toBe('stopped');
  expect({ looks: journal.looks, isClosed: journal.isClosed }).toEqual({ looks: 1, isClosed: true });
  expect(failed).not.toHaveBeenCalled();
  expect(opened.stores.map(({ owner }) => owner)).toEqual([null]);
});

it('a store is closed also where its journal can not be, and who waits for an input hears of the end', async () => {
  const opened: Opened = { stores: [], journals: [] };
  const parts = partsOf(opened, () => undefined);
  const ended = vi.spyOn(parts.inbox, 'end');
  const fabric = await SharedFabric.open({ ...parts, openJournal: async () => ({ journal: new Broken() }) });
  await expect(fabric.stop()).rejects.toThrow('it can not be closed');
  expect(opened.stores.map(({ owner }) => owner)).toEqual([null]);
  expect(fabric.role).toBe('stopped');
  expect(ended).toHaveBeenCalled();
});

it('a start that fails says why, and closes its store, also where its journal can not be closed', async () => {
  const opened: Opened = { stores: [], journals: [] };
  const parts = partsOf(opened, () => undefined);
  const journal = new Broken(new Error('the first turn is damaged'));
  await expect(SharedFabric.open({ ...parts, openJournal: async () => ({ journal }) })).rejects.toThrow('damaged');
  vi.spyOn(journal, 'firstTurn').mockReturnValue(5);
  await expect(SharedFabric.open({ ...parts, openJournal: async () => ({ journal }) })).rejects.toThrow('turn 5');
  expect(opened.stores.map(({ owner }) => owner)).toEqual([null, null]);
});
