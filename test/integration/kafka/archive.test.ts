/** A journal on Kafka whose first turns are archived: the records are gone, the history is whole, and a fold begins. */
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { foldTo, openJournal, placeOf, stateOf, takeSnapshots } from '../../../replay/index.js';
import { copyTurns } from '../../../src/journal/copy.js';
import { openKafkaJournal } from '../../../src/journal/kafka/open.js';
import { within } from '../../../src/journal/readable.js';
import { topicName } from '../../../src/kafka/topics/names.js';
import { LAYOUT } from '../../../src/kernel/rows/tables.js';
import { archive } from '../../../src/main/archive.js';
import { archivableOnKafka, importTurns } from '../../../src/main/kafka/place.js';
import { openReadable } from '../../../src/main/readable.js';
import { snapshotsIn } from '../../../src/main/snapshot-folder.js';
import type { SnapshotNews } from '../../../src/scheduler/bootstrap.js';
import { openFold } from '../../../src/scheduler/start.js';
import type { StorePosition } from '../../../src/store/port.js';
import { temporaryFolder } from '../../support/fabric/fabric.js';
import { compiled, Program } from '../../support/fabric/program.js';
import { makeCellTopics } from '../../support/kafka/cell.js';
import { freshName, needsKafka, sharedKafka } from '../../support/kafka/shared.js';
import { MemoryMedium } from '../../support/memory/medium.js';
import { openMemoryStore } from '../../support/memory/open-store.js';
import { turnsOf, writeTurns } from '../replay/history.js';

const SNAPSHOT_TURN = 200;
const END = { turn: Number.MAX_SAFE_INTEGER };

beforeEach((context) => needsKafka(context));

async function open(place: string) {
  const journal = await openReadable(place);
  if (typeof journal === 'string') throw new Error(`${place}: ${journal}`);
  return journal;
}

async function hashesOf(place: string): Promise<string[]> {
  const journal = await open(place);
  const hashes: string[] = [];
  for await (const { hash } of journal.read(journal.firstTurn())) hashes.push(Buffer.from(hash).toString('hex'));
  return hashes;
}

/**
 * A cell of its own with the turns of the journal that ships with the package, published up to one of them at most when
 * the last but one was made.
 */
async function cellOnKafka(publishedAtMost = Number.POSITIVE_INFINITY) {
  const cell = freshName('c');
  const folder = temporaryFolder();
  const turns = await turnsOf(placeOf('corpus:late-invoice'));
  await writeTurns(
    join(folder, 'journal'),
    turns.map((turn) => {
      const published = turn.turn === turns.length ? turn.published : Math.min(turn.published, publishedAtMost);
      return { ...turn, cell, published };
    }),
  );
  await makeCellTopics(sharedKafka(), cell);
  const place = `kafka://${sharedKafka().brokers.join(',')}/${cell}`;
  const journal = await open(join(folder, 'journal'));
  const lastIfMore = publishedAtMost === Number.POSITIVE_INFINITY ? null : turns.length - 1;
  await importTurns(within(journal, { fromTurn: null, toTurn: lastIfMore }), place, () => undefined);
  /** The last turn comes, when all others are published. */
  const goOn = async (): Promise<void> => {
    const topic = topicName(cell, 'journal');
    const onKafka = await openKafkaJournal({ connection: sharedKafka(), topic, cell });
    await copyTurns(journal, onKafka, { fromTurn: turns.length, onTurn: () => undefined });
    await onKafka.close();
  };
  return { cell, place, folder, to: join(folder, 'archive'), snapshots: join(folder, 'snapshots'), goOn };
}

/** Opens a fold on the topic, as a process of the cell does. */
async function start(cell: string, snapshots: string | null, medium = new MemoryMedium(), acceptCut = false) {
  const news: SnapshotNews[] = [];
  const fold = await openFold({
    cell,
    openStore: () => openMemoryStore({ cell, layout: LAYOUT, medium }),
    openJournal: async (stored) => ({
      journal: await openKafkaJournal({
        connection: sharedKafka(),
        topic: topicName(cell, 'journal'),
        cell,
        ...(stored && { covered: stored }),
      }),
    }),
    ...(snapshots !== null && { snapshots: snapshotsIn(snapshots) }),
    onSnapshot: (one) => void news.push(one),
    acceptCut,
  });
  const stateHash = Buffer.from(fold.kernel.state.hash.toBytes()).toString('hex');
  const first = fold.journal.journal.firstTurn();
  const { turn, events } = fold.position;
  await fold.close();
  return { stateHash, turn, events, first, problems: news.map(({ problem }) => problem) };
}

/** A store without rows that says that it stands for a turn. */
async function storeAt(position: StorePosition): Promise<MemoryMedium> {
  const medium = new MemoryMedium();
  const { cell, layout } = position;
  await (await openMemoryStore({ cell, layout, medium })).store.write([], position);
  medium.losePower(0);
  return medium;
}

it('the records are gone, archive and topic are one history, and a fold begins with the snapshot', async () => {
  const { cell, place, to, snapshots } = await cellOnKafka();
  const before = await hashesOf(place);
  const whole = await start(cell, null);
  const history = await openJournal(place, { snapshots });
  await takeSnapshots(history, { at: { turn: SNAPSHOT_TURN } });
  const state = await stateOf(await foldTo(history, END));
  const behind = await storeAt({
    cell,
    layout: LAYOUT,
    turn: 2,
    hash: Buffer.from(before[1]!, 'hex'),
    stateHash: new Uint8Array(16),
  });

  const done = await archive(await archivableOnKafka(place), to, SNAPSHOT_TURN, () => undefined);
  expect(done).toEqual({
    firstTurn: 1,
    lastTurn: SNAPSHOT_TURN - 1,
    copied: SNAPSHOT_TURN - 1,
    journalFirstTurn: SNAPSHOT_TURN,
  });
  expect(await hashesOf(place)).toEqual(before.slice(SNAPSHOT_TURN - 1));
  expect(await hashesOf(`${to}+${place}`)).toEqual(before);
  const both = await openJournal(`${to}+${place}`, { snapshots });
  expect(await stateOf(await foldTo({ ...both, snapshots: null }, END))).toEqual(state);
  expect(await stateOf(await foldTo(await openJournal(place, { snapshots }), END))).toEqual(state);

  const { stateHash, turn } = whole;
  const filled = { stateHash, turn, first: SNAPSHOT_TURN, problems: [null] };
  const begun = await start(cell, snapshots);
  expect(begun).toMatchObject(filled);
  expect(begun.events).toBeLessThan(whole.events);
  expect(await start(cell, snapshots, behind)).toMatchObject(filled);
  await expect(start(cell, null)).rejects.toMatchObject({
    code: 'no-snapshot',
    message: expect.stringContaining(`begins with turn ${SNAPSHOT_TURN}`),
  });
  const verified = Program.start([compiled('src/cli/main.js'), 'replay', 'verify', place]);
  expect(await verified.exited).toMatchObject({ code: 1 });
  expect(verified.said).toContain(`not audited: the journal begins with turn ${SNAPSHOT_TURN}`);
  expect(verified.said).toMatch(/what to do: .*archive\+kafka:.*--from/);
  expect(verified.said).not.toContain('wrong from');

  const position = {
    cell,
    layout: LAYOUT,
    turn,
    hash: Buffer.from(before.at(-1)!, 'hex'),
    stateHash: Buffer.from(stateHash, 'hex'),
  };
  const covers = await storeAt(position);
  await expect(start(cell, snapshots, covers)).resolves.toMatchObject({ turn, problems: [] });
  const elsewhere = temporaryFolder();
  await expect(start(cell, elsewhere, covers)).rejects.toMatchObject({ code: 'journal-cut' });
  await expect(start(cell, elsewhere, covers, true)).resolves.toMatchObject({ turn, problems: [] });

  const again = await archive(await archivableOnKafka(place), to, SNAPSHOT_TURN, () => undefined);
  expect(again).toMatchObject({ copied: 0, lastTurn: SNAPSHOT_TURN - 1, journalFirstTurn: SNAPSHOT_TURN });
  const later = await archive(await archivableOnKafka(place), to, SNAPSHOT_TURN + 20, () => undefined);
  expect(later).toEqual({
    firstTurn: 1,
    lastTurn: SNAPSHOT_TURN + 19,
    copied: 20,
    journalFirstTurn: SNAPSHOT_TURN + 20,
  });
  expect(await hashesOf(`${to}+${place}`)).toEqual(before);
  const other = join(temporaryFolder(), 'other');
  const elsewhen = await archive(await archivableOnKafka(place), other, SNAPSHOT_TURN + 30, () => undefined);
  expect(elsewhen).toMatchObject({ firstTurn: SNAPSHOT_TURN + 20, lastTurn: SNAPSHOT_TURN + 29, copied: 10 });
  expect(await hashesOf(`${other}+${place}`)).toEqual(before.slice(SNAPSHOT_TURN + 19));
  await expect(archive(await archivableOnKafka(place), to, SNAPSHOT_TURN + 40, () => undefined)).rejects.toMatchObject({
    code: 'not-found',
    message: expect.stringContaining(`ends with turn ${SNAPSHOT_TURN + 19}`),
  });
});

it('keeps the turns that are not published yet: the next leader reads them', async () => {
  const published = SNAPSHOT_TURN - 50;
  const { place, to, snapshots, goOn } = await cellOnKafka(published);
  await takeSnapshots(await openJournal(place, { snapshots }), { at: { turn: SNAPSHOT_TURN } });
  const command = ['journal', 'archive', place, '--to', to, '--snapshots', snapshots, '--dry-run'];
  const asked = Program.start([compiled('src/cli/main.js'), ...command]);
  expect(await asked.exited).toMatchObject({ code: 0 });
  expect(asked.said).toMatch(
    /^150 turns, up to turn 150, would go into \S+; those from 151 on are not published yet$/m,
  );
  const source = await archivableOnKafka(place);
  expect(await source.lastBefore(SNAPSHOT_TURN)).toBe(published);
  await goOn();
  const done = await archive(source, to, SNAPSHOT_TURN, () => undefined);
  expect(done).toMatchObject({ lastTurn: published, journalFirstTurn: published + 1 });
  expect((await open(place)).firstTurn()).toBe(published + 1);
  expect(await (await archivableOnKafka(place)).lastBefore(SNAPSHOT_TURN)).toBe(SNAPSHOT_TURN - 1);
});
