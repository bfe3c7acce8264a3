/** A journal is the same wherever it is: written to a topic, read there, and taken away again. */
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { placeOf, verify } from '../../../replay/index.js';
import { commandsOf } from '../../../src/cli/spec.js';
import { TREE } from '../../../src/cli/tree.js';
import { exportTurns } from '../../../src/journal/files/export.js';
import { nodeDisk } from '../../../src/journal/files/node-disk.js';
import type { ReadableJournal } from '../../../src/journal/readable.js';
import { deleteRecordsBefore } from '../../../src/kafka/topics/admin.js';
import { topicName } from '../../../src/kafka/topics/names.js';
import { PartitionWriter } from '../../../src/kafka/writing/partition-writer.js';
import { importTurns } from '../../../src/main/kafka/place.js';
import { openReadable } from '../../../src/main/readable.js';
import { temporaryFolder } from '../../support/fabric/fabric.js';
import { compiled, Program } from '../../support/fabric/program.js';
import { makeCellTopics } from '../../support/kafka/cell.js';
import { freshName, needsKafka, sharedKafka } from '../../support/kafka/shared.js';
import { PATIENT_MS } from '../../support/patience.js';

/** The cell of the journals that ship with the package. */
const CELL = 'main';
const CORPUS = placeOf('corpus:late-invoice');

const placeOn = (cell: string): string => `kafka://${sharedKafka().brokers.join(',')}/${cell}`;

const EXAMPLES = commandsOf(TREE).flatMap(({ spec }) =>
  spec.examples.filter(({ line }) => line.includes('kafka://')).map(({ line }) => line),
);
const IMPORT = EXAMPLES.find((line) => line.startsWith('marie journal import')) ?? '';

/** Calls a line as it is written but for the brokers' address, the corpus for `marie-data`, and where files are made. */
async function marie(line: string): Promise<void> {
  const out = temporaryFolder();
  const words = line.split(' ').slice(1);
  const args = words.map((word) => {
    if (word.startsWith('kafka://')) return placeOn(CELL);
    if (word === 'marie-data') return CORPUS;
    return /^(incident-42|tables|report\.html|shared)$/.test(word) ? join(out, word) : word;
  });
  const program = Program.start([compiled('src/cli/main.js'), ...args, '--json']);
  const { code } = await program.exited;
  expect([code, program.said]).toEqual([0, expect.stringContaining('{')]);
}

let imported: Promise<void> | null = null;

/** Carries out the example that imports: every test reads what it wrote. */
async function importCorpus(): Promise<void> {
  await makeCellTopics(sharedKafka(), CELL);
  await marie(IMPORT);
}

beforeEach(async (context) => {
  needsKafka(context);
  imported ??= importCorpus();
  await imported;
});

async function open(place: string): Promise<ReadableJournal> {
  const journal = await openReadable(place);
  if (typeof journal === 'string') throw new Error(`${place}: ${journal}`);
  return journal;
}

async function recordsOf(journal: ReadableJournal, fromTurn = journal.firstTurn()) {
  const records: { turn: number; bytes: Buffer; hash: Buffer }[] = [];
  for await (const { turn, bytes, hash } of journal.read(fromTurn)) {
    records.push({ turn, bytes: Buffer.from(bytes), hash: Buffer.from(hash) });
  }
  return records;
}

describe('a journal that was imported', () => {
  it('has every turn as it was, byte by byte, and so has an export of it', async () => {
    const inFiles = await open(CORPUS);
    const onKafka = await open(placeOn(CELL));
    const records = await recordsOf(inFiles);
    expect(records.length).toBeGreaterThan(200);
    expect(await recordsOf(onKafka)).toEqual(records);
    const to = join(temporaryFolder(), 'exported');
    const last = records.at(-1)!.turn;
    expect(await exportTurns({ disk: nodeDisk, from: onKafka, to })).toEqual({ firstTurn: 1, lastTurn: last });
    expect(await recordsOf(await open(to))).toEqual(records);
    expect(await onKafka.lastTurn()).toBe(last);
  });

  it('can be exported from any turn on, which knows what it chains on', async () => {
    const inFiles = await open(CORPUS);
    const onKafka = await open(placeOn(CELL));
    const last = await inFiles.lastTurn();
    for (const turn of [1, 2, 77, last, last + 1]) {
      const { cell, head } = await onKafka.before(turn);
      const expected = await inFiles.before(turn);
      expect({ cell, ...head, hash: Buffer.from(head.hash) }).toEqual({
        cell: CELL,
        ...expected.head,
        hash: Buffer.from(expected.head.hash),
      });
    }
    await expect(onKafka.before(last + 2)).rejects.toMatchObject({ code: 'not-found' });
    const to = join(temporaryFolder(), 'part');
    await exportTurns({ disk: nodeDisk, from: onKafka, to, fromTurn: 77, toTurn: 99 });
    expect((await recordsOf(await open(to))).map(({ turn }) => turn)).toEqual(
      Array.from({ length: 23 }, (_, i) => 77 + i),
    );
    expect(await recordsOf(onKafka, 77)).toEqual(await recordsOf(inFiles, 77));
    expect(await recordsOf(onKafka, last + 1)).toEqual([]);
    expect(() => onKafka.read(0)).toThrow('before turn 1');
  });

  it('is audited as it was', async () => {
    const { seconds: _, eventsPerSecond: __, ...report } = await verify(await open(placeOn(CELL)));
    expect(await verify(CORPUS)).toMatchObject(report);
    expect(report.ok).toBe(true);
  });
});

it('is imported only into an empty topic, of its own cell, and whole', async () => {
  const journal = await open(CORPUS);
  const nobody = () => undefined;
  await expect(importTurns(journal, placeOn(CELL), nobody)).rejects.toMatchObject({ code: 'target-not-empty' });
  const other = freshName('c');
  await expect(importTurns(journal, placeOn(other), nobody)).rejects.toMatchObject({ code: 'kafka-topic-missing' });
  await makeCellTopics(sharedKafka(), other);
  await expect(importTurns(journal, placeOn(other), nobody)).rejects.toMatchObject({ code: 'journal-foreign-cell' });
  const later = join(temporaryFolder(), 'later');
  await exportTurns({ disk: nodeDisk, from: journal, to: later, fromTurn: 5 });
  await expect(importTurns(await open(later), placeOn(other), nobody)).rejects.toMatchObject({ code: 'not-found' });
  await expect(open('kafka://')).rejects.toMatchObject({ code: 'config-invalid' });
});

it('whose turns are all gone is no empty one, which would hold every invariant', async () => {
  const cell = freshName('c');
  const topic = topicName(cell, 'journal');
  await makeCellTopics(sharedKafka(), cell);
  expect(await verify(await open(placeOn(cell)))).toMatchObject({ ok: true, turns: 0 });
  const writer = new PartitionWriter(sharedKafka(), topic, 0, PATIENT_MS);
  for await (const { bytes } of (await open(CORPUS)).read(1)) {
    await writer.write([{ key: null, value: bytes, headers: {} }]);
    break;
  }
  writer.close();
  await deleteRecordsBefore(sharedKafka(), topic, 0, 1);
  for (const place of [placeOn(cell), `${CORPUS}+${placeOn(cell)}`]) {
    await expect(open(place)).rejects.toMatchObject({ code: 'kafka-records-gone' });
  }
});

/** Every other example that names a journal on Kafka, and the rest of the commands that study a history. */
const LINES = [
  ...EXAMPLES.filter((line) => line !== IMPORT),
  'marie replay state kafka://127.0.0.1:9092/main --at 40',
  'marie replay what-if kafka://127.0.0.1:9092/main --policy fifo@1',
  'marie replay bisect kafka://127.0.0.1:9092/main default@1',
  'marie replay sla kafka://127.0.0.1:9092/main --missed --all-tenants --no-remedies',
  'marie replay export kafka://127.0.0.1:9092/main --out tables',
  'marie replay report kafka://127.0.0.1:9092/main --out report.html',
  'marie replay anonymise kafka://127.0.0.1:9092/main --out shared',
];

it.each(LINES)('%s', async (line) => {
  await marie(line);
});
