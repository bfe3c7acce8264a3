/** Snapshots that a fabric takes of itself, where what comes after them fails. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { encodeTurn } from '../../src/catalogue/turn.js';
import { LAYOUT } from '../../src/kernel/rows/tables.js';
import type { SnapshotConfig } from '../../src/main/config/config.js';
import type { ServingFabric } from '../../src/main/serving.js';
import { SnapshotTaker } from '../../src/main/snapshots.js';
import { listSnapshots, putSnapshot, snapshotName } from '../../src/snapshot/index.js';
import type { Capture } from '../../src/store/port.js';
import { until } from '../support/fabric/fabric.js';
import { MemorySnapshots } from '../support/snapshot/memory.js';

/** How often the taker looks whether one is due, in ms. */
const LOOK_MS = 1_000;

const [cell, hash, stateHash] = ['main', new Uint8Array(32), new Uint8Array(16)];

function bytesOf(turn: number): Uint8Array {
  const writer = { catalogue: new Uint8Array(8), cell, epoch: 1, writer: new Uint8Array(16), kernel: '1' };
  const flow = { caughtUp: true, full: false, published: turn - 1, syncEveryMs: 0, inputs: [], entries: [] };
  return encodeTurn({
    ...{ ...writer, ...flow, format: 1, turn, prev: hash, at: 1_000 + turn },
    ...{ stoppedMs: 0, policy: 'fifo@1', stateHash },
  });
}

async function* nothing(): Capture['entries'] {}

/**
 * Takes a snapshot of turn 10 and one of turn 20, and keeps one;
 * gives the turns of those that are left, and what was told.
 * The journal begins with turn `firstTurn`.
 */
async function takeTwo(
  storage: MemorySnapshots,
  put: () => Promise<unknown>,
  between: () => Promise<void> = async () => undefined,
  firstTurn = 1,
) {
  let turn = 10;
  const { taker, told } = takerOf(storage, put, () => turn, firstTurn);
  const isTaken = (which: number) => async () => (await listSnapshots(storage)).some((one) => one.turn === which);
  await until(isTaken(10));
  await between();
  turn = 20;
  await until(isTaken(20));
  await taker.close();
  return { left: (await listSnapshots(storage)).map((one) => one.turn), told };
}

/** Takes one every five turns of a fabric that stands at such a turn, and keeps one; with what it told. */
function takerOf(
  storage: MemorySnapshots,
  put: () => Promise<unknown>,
  turnNow: () => number,
  firstTurn = 1,
  config: SnapshotConfig = { everyTurns: 5, keep: 1 },
) {
  const held = { captures: 0 };
  const fabric = {
    role: 'leader',
    views: { cell: () => ({ turn: turnNow(), atMs: 1_000 + turnNow() }) },
    capture: async () => {
      held.captures += 1;
      const position = { cell, layout: LAYOUT, turn: turnNow(), hash, stateHash };
      const end = async (): Promise<void> => {
        held.captures -= 1;
      };
      return { position, entries: nothing(), end };
    },
    journal: {
      firstTurn: () => firstTurn,
      read: async function* (turn: number) {
        if (turn <= turnNow()) yield { turn, bytes: bytesOf(turn), hash };
      },
    },
    inbox: { put },
  } as unknown as ServingFabric;
  const told: string[] = [];
  const log = {
    info: (_: object, message: string) => void told.push(message),
    warn: (fields: object, message: string) => void told.push(`${message}: ${(fields as { error: string }).error}`),
  };
  const taker = new SnapshotTaker({ cell, config, storage, fabric, log });
  return { taker, told, held };
}

it.each(['create', 'write'] as const)('that can not be begun, as %s fails, hold nothing of the store', async (what) => {
  const storage = new MemorySnapshots();
  const full = (): Promise<never> => Promise.reject(new Error('no space left'));
  if (what === 'create') storage.create = full;
  else storage.create = async () => ({ write: full, commit: full, abort: async () => undefined });
  const { taker, told, held } = takerOf(
    storage,
    () => Promise.resolve(),
    () => 10,
  );
  await until(() => told.length > 0);
  await taker.close();
  expect(told).toEqual(['a snapshot could not be taken: no space left']);
  expect(held.captures).toBe(0);
});

it('that can not be kept are told, leave nothing, and are not tried again at once', async () => {
  const storage = new MemorySnapshots();
  let [created, aborted] = [0, 0];
  storage.create = async () => {
    created += 1;
    const abort = async (): Promise<void> => {
      aborted += 1;
    };
    return { write: async () => undefined, commit: () => Promise.reject(new Error('no space left')), abort };
  };
  const { taker, told } = takerOf(
    storage,
    () => Promise.resolve(),
    () => 10,
  );
  await until(() => told.length > 0);
  await sleep(2 * LOOK_MS);
  await taker.close();
  expect(told).toEqual(['a snapshot could not be taken: no space left']);
  expect([created, aborted]).toEqual([1, 1]);
});

it('that the journal does not record are there, and those that are too many go', async () => {
  const { left, told } = await takeTwo(new MemorySnapshots(), () => Promise.reject(new Error('nobody knows')));
  expect(left).toEqual([20]);
  const unrecorded = 'the journal may not have recorded a snapshot that is there: nobody knows';
  expect(told).toEqual(['took a snapshot', unrecorded, 'took a snapshot', unrecorded]);
});

it('are due by the time since the newest, and at first since the journal began, not since the process did', async () => {
  const storage = new MemorySnapshots();
  // The time of the test's turns is their number in ms.
  let turn = 60_001;
  const put = () => Promise.resolve();
  const run = (): ReturnType<typeof takerOf> => takerOf(storage, put, () => turn, 1, { everyMinutes: 1, keep: 9 });
  const turns = async (): Promise<number[]> => (await listSnapshots(storage)).map((one) => one.turn);
  for (const expected of [[60_001], [120_001, 60_001]]) {
    const { taker } = run();
    await sleep(2 * LOOK_MS);
    await taker.close();
    expect(await turns()).toEqual(expected);
    turn += 60_000;
  }
  turn = 120_101;
  const { taker } = run();
  await sleep(2 * LOOK_MS);
  await taker.close();
  expect(await turns()).toEqual([120_001, 60_001]);
});

it('that can not be removed are told as such', async () => {
  const storage = new MemorySnapshots();
  storage.remove = () => Promise.reject(new Error('permission denied'));
  const { left, told } = await takeTwo(storage, () => Promise.resolve());
  expect(left).toEqual([20, 10]);
  expect(told).toEqual([
    'took a snapshot',
    'took a snapshot',
    'older snapshots could not be removed: permission denied',
  ]);
});

it('are taken beside those of another history, which count for nothing and stay', async () => {
  const storage = new MemorySnapshots();
  const others = [snapshotName({ turn: 50, hash }), snapshotName({ turn: 8, hash: hash.with(0, 1) })];
  for (const name of others) await (await storage.create(name)).commit();
  const own = snapshotName({ turn: 4, hash });
  await (await storage.create(own)).commit();
  const { left } = await takeTwo(storage, () => Promise.resolve());
  expect(left).toEqual([50, 20, 8]);
});

it('leave those of another cell that writes into the same folder, whenever it does', async () => {
  const storage = new MemorySnapshots();
  const putOther = async (turn: number): Promise<void> => {
    const head = { cell: 'other', layout: LAYOUT, turn, atMs: 0, hash: hash.with(0, 1), stateHash };
    await putSnapshot(storage, head, nothing());
  };
  await putOther(3);
  const own = { cell, layout: LAYOUT, turn: 4, atMs: 0, hash, stateHash };
  await putSnapshot(storage, own, nothing());
  const between = async (): Promise<void> => {
    for (const turn of [5, 15, 30]) await putOther(turn);
  };
  const { left } = await takeTwo(storage, () => Promise.resolve(), between, 9);
  expect(left).toEqual([30, 20, 15, 5, 3]);
});

it('leave what can not be read for now, as when no more files can be opened: it may be of another cell', async () => {
  const storage = new MemorySnapshots();
  const other = { cell: 'other', layout: LAYOUT, turn: 3, atMs: 0, hash: hash.with(0, 1), stateHash };
  await putSnapshot(storage, other, nothing());
  const damaged = snapshotName({ turn: 4, hash });
  await (await storage.create(damaged)).commit();
  const { open } = storage;
  storage.open = () => Promise.reject(Object.assign(new Error('too many open files'), { code: 'EMFILE' }));
  const between = async (): Promise<void> => {
    expect((await listSnapshots(storage)).map(({ turn }) => turn)).toEqual([10, 4, 3]);
    storage.open = open;
  };
  const { left } = await takeTwo(storage, () => Promise.resolve(), between, 9);
  expect(left).toEqual([20, 3]);
});
