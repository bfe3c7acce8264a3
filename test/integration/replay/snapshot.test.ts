/** Snapshots as files: taken by a process that may be killed, damaged at any place, of another history or layout. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, open, readdir, readFile, rename, rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { writeDocuments } from '../../../bench/support/documents-history.js';
import {
  dispatchesAt,
  foldTo,
  type History,
  openJournal,
  type PassedOver,
  stateOf,
  takeSnapshots,
  verifySnapshot,
} from '../../../replay/index.js';
import { explainedTurns } from '../../../replay/what-if/decided.js';
import { snapshotsIn } from '../../../src/main/snapshot-folder.js';
import { listSnapshots, SnapshotReader, type SnapshotStorage, writeSnapshot } from '../../../src/snapshot/index.js';
import { everything } from '../../../src/store/index.js';
import { MARIE } from '../cli/setup.js';
import { inFolder } from './history.js';

const EVENTS = 20_000;
const END = { turn: Number.MAX_SAFE_INTEGER };

/** A data directory with a history, and snapshots along it. */
async function inData(run: (data: string) => Promise<void>): Promise<void> {
  await inFolder(async (data) => {
    await writeDocuments(join(data, 'journal'), EVENTS, { retainTerminalJobs: 500 });
    await takeSnapshots(await openJournal(data), { everyTurns: 2 });
    await run(data);
  });
}

async function snapshotsOf(data: string) {
  const storage = snapshotsIn(join(data, 'snapshots'));
  return { storage, names: (await listSnapshots(storage)).map(({ name }) => name) };
}

async function flip(path: string, at: number): Promise<void> {
  const file = await open(path, 'r+');
  const byte = Buffer.alloc(1);
  await file.read(byte, 0, 1, at);
  byte[0]! ^= 1;
  await file.write(byte, 0, 1, at);
  await file.close();
}

/** The state at the end, from what snapshots there are, and which were passed over. */
async function endOf(data: string) {
  const history = await openJournal(data);
  const passedOver: PassedOver[] = [];
  let turns = 0;
  const fold = await foldTo(history, END, {
    onPassedOver: (what) => passedOver.push(what),
    onProgress: (done) => {
      turns = done.turns;
    },
  });
  const state = await stateOf(fold);
  await fold.close();
  return { state, passedOver, turns };
}

describe('snapshots of a history', () => {
  it('are good, and give the state that the whole history gives', () =>
    inData(async (data) => {
      const { storage, names } = await snapshotsOf(data);
      const history = await openJournal(data);
      expect(names.length).toBeGreaterThan(3);
      for (const name of names) {
        expect(await verifySnapshot(storage, name, history)).toMatchObject({ ok: true, comparedWithJournal: true });
      }
      const { state, passedOver } = await endOf(data);
      expect(passedOver).toEqual([]);
      await rename(join(data, 'snapshots'), join(data, 'elsewhere'));
      expect((await endOf(data)).state).toEqual(state);
    }));

  it('are let go of when what comes after them can not be folded, or they can not be gone on from', () =>
    inData(async (data) => {
      const { storage } = await snapshotsOf(data);
      const newest = (await listSnapshots(storage))[0]!;
      let open = 0;
      let spoilt = '';
      const counted: SnapshotStorage = {
        list: () => storage.list(),
        create: (name) => storage.create(name),
        remove: (name) => storage.remove(name),
        async open(name) {
          const source = await storage.open(name);
          open += 1;
          return {
            size: source.size,
            async read(into, position) {
              const bytes = await source.read(into, position);
              if (name === spoilt) into.fill(0);
              return bytes;
            },
            close: () => {
              open -= 1;
              return source.close();
            },
          };
        },
      };
      const history = await openJournal(data);
      const breaksOff: History = {
        ...history,
        snapshots: counted,
        async *read(from, options) {
          for await (const turn of history.read(from, options)) {
            yield turn;
            if (turn.record.turn === newest.turn - 1) throw new Error('interrupted');
          }
        },
      };
      const broken = await foldTo(breaksOff, { turn: newest.turn - 1 }).catch((error: Error) => error.message);
      expect({ broken, open }).toEqual({ broken: 'interrupted', open: 0 });
      // The newest one is opened well, and its rows can't be read: the next older one is taken.
      const spoils: History = {
        ...history,
        snapshots: counted,
        read(from, options) {
          spoilt = from === newest.turn ? newest.name : spoilt;
          return history.read(from, options);
        },
      };
      const passedOver: PassedOver[] = [];
      const fold = await foldTo(spoils, END, {
        onPassedOver: (what) => passedOver.push(what),
      });
      expect(passedOver).toMatchObject([{ name: newest.name }]);
      expect(open).toBe(1);
      await fold.close();
      expect(open).toBe(0);
    }));

  it('are gone on from where a turn is decided again', () =>
    inData(async (data) => {
      const history = await openJournal(data);
      let read = 0;
      const counted: History = {
        ...history,
        async *read(from?: number) {
          for await (const turn of history.read(from)) {
            read += 1;
            yield turn;
          }
        },
      };
      for await (const { decided, views } of explainedTurns(history)) {
        read = 0;
        expect(await dispatchesAt(counted, decided.turn)).toEqual(await views());
        if (decided.turn > 4) expect(read).toBeLessThan(decided.turn);
      }
    }));

  it('that are damaged are passed over, wherever a byte is another one or the file ends, and the next older is taken', () =>
    inData(async (data) => {
      const { storage, names } = await snapshotsOf(data);
      const { state } = await endOf(data);
      const history = await openJournal(data);
      const [newest = ''] = names;
      const path = join(data, 'snapshots', newest);
      const copy = join(data, 'copy');
      await copyFile(path, copy);
      const { size } = await stat(path);
      const kinds = ['snapshot-damaged', 'unknown-version'];
      const places = [0, 5, 20, 700, size >> 2, size >> 1, size - 1_100, size - 512, size - 500];
      for (const place of places) {
        await copyFile(copy, path);
        await flip(path, place);
        const report = await verifySnapshot(storage, newest, history);
        expect(report.ok).toBe(false);
        expect(kinds).toContain(report.problem?.code);
        expect((await endOf(data)).state).toEqual(state);
      }
      for (const length of [0, 100, 512, size >> 1, size - 512, size - 1]) {
        await copyFile(copy, path);
        await truncate(path, length);
        expect(await verifySnapshot(storage, newest, history)).toMatchObject({ problem: { code: 'snapshot-damaged' } });
        const found = await endOf(data);
        expect(found.state).toEqual(state);
        expect(found.passedOver).toMatchObject([{ name: newest, code: 'snapshot-damaged' }]);
      }
    }));

  it('that can not be read, such as a folder with the name of one, are passed over, and told of', () =>
    inData(async (data) => {
      const { storage, names } = await snapshotsOf(data);
      const { state } = await endOf(data);
      const [newest = ''] = names;
      await rm(join(data, 'snapshots', newest));
      await mkdir(join(data, 'snapshots', newest));
      const found = await endOf(data);
      expect(found.state).toEqual(state);
      const problem = { code: 'unreadable-file', detail: expect.stringContaining('EISDIR') };
      expect(found.passedOver).toEqual([{ name: newest, ...problem }]);
      expect(await verifySnapshot(storage, newest, await openJournal(data))).toMatchObject({ ok: false, problem });
    }));

  it('of another history, another layout, or with other rows are refused', () =>
    inData(async (data) => {
      const { storage, names } = await snapshotsOf(data);
      const history = await openJournal(data);
      const [newest = '', older = ''] = names;
      const reader = await SnapshotReader.open(storage, newest);
      const { from, to } = everything();
      const forge = async (change: Partial<typeof reader.head>, name = newest) => {
        const sink = await storage.create(`forged-${name}`);
        const head = { ...reader.head, ...change };
        await writeSnapshot(sink, head, (await SnapshotReader.open(storage, name)).scan(from, to));
        await sink.commit();
        const report = await verifySnapshot(storage, `forged-${name}`, history);
        return report.problem?.code;
      };
      expect(await forge({})).toBeUndefined();
      expect(await forge({ cell: 'other' })).toBe('snapshot-unusable');
      expect(await forge({ layout: reader.head.layout + 1 })).toBe('snapshot-unusable');
      expect(await forge({ hash: new Uint8Array(32) })).toBe('snapshot-unusable');
      expect(await forge({ stateHash: new Uint8Array(16) })).toBe('snapshot-damaged');
      expect(await forge({}, older)).toBe('snapshot-damaged');
      await reader.close();
    }));

  it('are there whole or not at all when the process that takes them is killed', { timeout: 600_000 }, () =>
    inFolder(async (data) => {
      await writeDocuments(join(data, 'journal'), 4 * EVENTS);
      const { state } = await endOf(data);
      let whole = 0;
      for (const killAfter of [1, 2, 4, 7]) {
        const args = [MARIE, 'snapshot', 'create', data, '--every', '2'];
        const child = spawn(process.execPath, args, { stdio: 'ignore' });
        const ended = once(child, 'close');
        const wanted = whole + killAfter;
        while ((await namesIn(data)).length < wanted && child.exitCode === null) await sleep(5);
        child.kill('SIGKILL');
        await ended;
        const { storage, names } = await snapshotsOf(data);
        expect(names.length).toBeGreaterThanOrEqual(wanted);
        whole = names.length;
        const history = await openJournal(data);
        for (const name of names) expect(await verifySnapshot(storage, name, history)).toMatchObject({ ok: true });
        expect(await endOf(data)).toMatchObject({ state, passedOver: [] });
      }
      await takeSnapshots(await openJournal(data));
      expect((await endOf(data)).turns).toBe(0);
      const left = (await readdir(join(data, 'snapshots'))).filter((name) => !name.endsWith('.snapshot'));
      expect(left.length).toBeLessThanOrEqual(4);
    }),
  );

  it('say what they are to a person who looks at the file', () =>
    inData(async (data) => {
      const { names } = await snapshotsOf(data);
      const bytes = await readFile(join(data, 'snapshots', names[0]!));
      expect(bytes.subarray(16, 512).toString('utf8')).toMatch(/^\{"magic":"marie-snapshot","format":1,"cell":"main"/);
    }));
});

async function namesIn(data: string): Promise<string[]> {
  await mkdir(join(data, 'snapshots'), { recursive: true });
  return (await readdir(join(data, 'snapshots'))).filter((name) => name.endsWith('.snapshot'));
}
